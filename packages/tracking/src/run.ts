import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileErrorsAs, makeFolders, onDisk, readSealedFile, sealedJson, syncFolder, writeFileAtomically } from '@tass/files';
import { toYaml } from '@tass/config';
import { codeRevision } from './code-revision';
import { Journal } from './journal';
import { isManifest, packageLockDigest, thisMachine, type RunManifest } from './manifest';
import { writeReportFile } from './report-file';
import { RunError } from './run-error';
import { isHeldHere, lockRun } from './run-lock';

/** A run folder for readers. Its resolved configuration is in config.yaml, its figures in metrics.jsonl and report.json. */
export interface RunRecord {
  readonly folder: string;
  readonly manifest: RunManifest;
  readonly finished: boolean; // report.json is there
  readonly isChecked: boolean; // false: its manifest was written before digests
}

/** A run folder that this process writes. */
export interface Run extends RunRecord {
  readonly journal: Journal;
  /**
   * Call this before writing. Throws RunError if another process has taken over the run because this one's heartbeat expired, for example
   * while it was suspended.
   */
  refuseIfLost(): void;
  /** Writes report.md, then report.json, which marks the run as finished. Throws DiskError. */
  writeReport(report: { readonly json: object; readonly markdown: string }): void;
  /** Writes ended.json: the run ended by an error. It is taken away when the run is opened again. Nothing if the folder is another process' by now. Throws DiskError. */
  markFailed(message: string): void;
  /** Releases the folder. */
  close(): void;
}

export interface NewRun extends Pick<
  RunManifest,
  'experiment' | 'seed' | 'overrides' | 'trainingCode' | 'engine' | 'features' | 'datasets' | 'initialize' | 'sweep' | 'cell'
> {
  readonly runsRoot: string;
  readonly config: unknown; // the resolved configuration
  readonly identity?: string; // digest of everything in it that decides the result
  readonly project: string; // folder of the code, whose commit is recorded
}

/** The source of ids; a spec passes its own. */
export interface IdSource {
  readonly now: Date;
  suffix(): string;
}

/** `20251123-023344-seed1-4f2a9c`: UTC to the second, so that ids sort by age; the random end distinguishes runs of one second. */
function newId(seed: number, { now, suffix }: IdSource): string {
  const [day, time] = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').split('T');
  return `${day}-${time}-seed${seed}-${suffix()}`;
}

/**
 * Makes `runsRoot`/`experiment`/`id` with config.yaml, an empty metrics.jsonl and, last, manifest.json; locked. If one of these cannot be
 * written, nothing remains. Throws DiskError.
 */
export function createRun(wanted: NewRun, ids: IdSource = { now: new Date(), suffix: () => randomBytes(3).toString('hex') }): Run {
  const { runsRoot, config, identity, project, experiment, seed, overrides, trainingCode } = wanted;
  const { engine, features, datasets, initialize, sweep, cell } = wanted;
  const parent = join(runsRoot, experiment);
  if (relative(runsRoot, parent).startsWith('..')) throw new RunError(`experiment ${experiment} leads out of ${runsRoot}`);
  onDisk(`cannot make a run in ${parent}`, runsRoot, () => makeFolders(parent));
  const id = makeFolder(parent, () => newId(seed, ids));
  const folder = join(parent, id);
  try {
    const unlock = lockRun(folder);
    const yaml = toYaml(config);
    const manifest: RunManifest = {
      id,
      experiment,
      createdAt: ids.now.toISOString(),
      seed,
      overrides,
      ...codeRevision(project),
      ...(trainingCode && { trainingCode }),
      packageLock: packageLockDigest(project),
      node: process.version,
      machine: thisMachine(),
      engine,
      features,
      datasets,
      ...(initialize && { initialize }),
      ...(sweep && { sweep }),
      ...(cell && { cell }),
      config: { sha256: createHash('sha256').update(yaml).digest('hex'), ...(identity && { identity }) },
    };
    writeFileAtomically(join(folder, 'config.yaml'), yaml);
    const journal = new Journal(join(folder, 'metrics.jsonl'));
    writeFileAtomically(join(folder, 'manifest.json'), sealedJson(manifest));
    syncFolder(parent);
    return runOf({ folder, manifest, finished: false, isChecked: true }, journal, unlock);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Opens a run folder to resume it; `journal.cutTo` then cuts it back to a checkpoint. Throws RunError: not a run, in use by another
 * process; DiskError.
 */
export function openRun(folder: string): Run {
  const record = readRun(folder);
  const unlock = lockRun(folder);
  try {
    rmSync(endFile(folder), { force: true });
    return runOf(record, new Journal(join(folder, 'metrics.jsonl')), unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Reads a run folder, even while another process writes it. Throws RunError if it is not a run or its manifest is damaged. */
export function readRun(folder: string): RunRecord {
  const file = join(folder, 'manifest.json');
  if (!existsSync(file)) throw new RunError(`${folder} is not a run: it has no manifest.json`);
  const read = manifestIn(file);
  return { folder, ...read, finished: existsSync(join(folder, 'report.json')) };
}

function manifestIn(file: string): Pick<RunRecord, 'manifest' | 'isChecked'> {
  const remedy = 'The file was damaged: delete the run and train again';
  const { content, isChecked } = fileErrorsAs(RunError, () => readSealedFile(file, remedy));
  if (!isManifest(content)) throw new RunError(`${file}: is not the manifest of a run. ${remedy}`);
  return { manifest: content, isChecked };
}

function runOf(record: RunRecord, journal: Journal, unlock: () => void): Run {
  return {
    ...record,
    journal,
    writeReport({ json, markdown }) {
      writeFileAtomically(join(record.folder, 'report.md'), markdown);
      writeReportFile(record.folder, json, journal.length);
    },
    refuseIfLost() {
      if (isHeldHere(record.folder)) return;
      throw new RunError(
        `${record.folder} is no longer locked by this process: another process has taken over the run, or its run.lock was deleted. ` +
          'Unsaved work is discarded',
      );
    },
    markFailed(message) {
      if (isHeldHere(record.folder)) writeFileAtomically(endFile(record.folder), sealedJson({ state: 'failed', message }));
    },
    close: unlock,
  };
}

const endFile = (folder: string): string => join(folder, 'ended.json');

/** Not `recursive`: that would take an existing folder for a new one. */
function makeFolder(parent: string, id: () => string): string {
  for (let attempt = 1; ; attempt++) {
    const name = id();
    try {
      onDisk(`cannot make a run in ${parent}`, parent, () => mkdirSync(join(parent, name)));
      return name;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt === 10) throw error;
    }
  }
}
