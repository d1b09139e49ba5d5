import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mostBytes, onDisk, readOwnText, writeFileAtomically } from '@tass/files';
import { SlurmError } from './slurm-error';

/**
 * One array of tasks in Slurm, as a folder:
 *   jobs.jsonl  job n is on line n, written before Slurm is asked; script.sh, the script of all tasks
 *   environment.sh  variables of the tasks, passwords among them: readable to its owner only, removed when all tasks have ended
 *   slurm.json  Slurm's number for it, written after Slurm took it; a parent may die in between, then its name finds it in Slurm's queue
 *   tasks/n/    made by task n as it begins, or by a launcher that gives the task up: whoever makes it decides whether the job runs
 *   tasks/n/start.json, exit.json   written by the script; output/n.txt   what Slurm itself has to say
 */
export interface Submission {
  readonly name: string; // of the job in Slurm and of the folder; unique in the cluster
  readonly folder: string;
  readonly jobs: readonly string[]; // ids of the launcher's jobs, by task
  slurmId: string | undefined;
}

/** One task of a submission. */
export interface TaskPlace {
  readonly submission: Submission;
  readonly number: number;
}

export interface TaskRecord {
  readonly begun: boolean; // or given up
  readonly host: string | undefined;
  readonly code: number | undefined; // of the end
}

const namePattern = /-(\d{4,})-[0-9a-f]{8}$/;
const orderOf = (name: string): number => Number(namePattern.exec(name)?.[1]);

/**
 * The submissions in `folder`, oldest first. Submissions that cannot have reached Slurm are left out. Throws SlurmError for a damaged one.
 */
export function readSubmissions(folder: string): Submission[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => namePattern.test(name) && existsSync(join(folder, name, 'jobs.jsonl')));
  return names.sort((a, b) => orderOf(a) - orderOf(b)).map((name) => readSubmission(join(folder, name), name));
}

function readSubmission(folder: string, name: string): Submission {
  const file = join(folder, 'jobs.jsonl');
  const lines = readOwnText(file, mostBytes.record).split('\n').filter(Boolean);
  const jobs = lines.map((line, index) => valueIn(line, 'id', isText, `${file}:${index + 1}`, folder));
  return { name, folder, jobs, slurmId: recorded(join(folder, 'slurm.json'), 'id', isText, folder) };
}

/** Settings for the script of a submission. */
interface ScriptPlaces {
  readonly records: string; // folder
  readonly environment: string; // file
}

/**
 * Makes a submission in `folder` that Slurm does not know yet. `label` is the prefix of its name; `environment` is bash. Throws DiskError.
 */
export function writeSubmission(
  folder: string,
  label: string,
  jobs: readonly { readonly id: string; readonly name: string }[],
  environment: string,
  script: (places: ScriptPlaces) => string,
): Submission {
  return onDisk(`launcher slurm: cannot write ${folder}`, folder, () => {
    mkdirSync(folder, { recursive: true });
    const order =
      Math.max(
        0,
        ...readdirSync(folder)
          .filter((name) => namePattern.test(name))
          .map(orderOf),
      ) + 1;
    const name = `${label}-${String(order).padStart(4, '0')}-${randomBytes(4).toString('hex')}`;
    const own = join(folder, name);
    mkdirSync(own, { mode: 0o700 });
    mkdirSync(join(own, 'tasks'));
    mkdirSync(join(own, 'output'));
    writeFileSync(environmentFile(own), environment, { mode: 0o600, flag: 'wx' });
    writeFileAtomically(join(own, 'script.sh'), script({ records: join(own, 'tasks'), environment: environmentFile(own) }));
    writeFileAtomically(
      join(own, 'jobs.jsonl'),
      jobs.map((job, task) => `${JSON.stringify({ task, id: job.id, name: job.name })}\n`).join(''),
    );
    return { name, folder: own, jobs: jobs.map(({ id }) => id), slurmId: undefined };
  });
}

/** Records Slurm's number of a submission. */
export function recordSlurmId(submission: Submission, id: string): void {
  submission.slurmId = id;
  writeFileAtomically(join(submission.folder, 'slurm.json'), JSON.stringify({ id }));
}

/** Call this when no further task of it can start. */
export function removeEnvironment({ folder }: Submission): void {
  rmSync(environmentFile(folder), { force: true });
}

const environmentFile = (folder: string): string => join(folder, 'environment.sh');

/** Removes a submission that Slurm refused. */
export function removeSubmission({ folder }: Submission): void {
  rmSync(folder, { recursive: true, force: true });
}

export function readRecord({ submission, number }: TaskPlace): TaskRecord {
  const folder = join(submission.folder, 'tasks', String(number));
  return {
    begun: existsSync(folder),
    host: recorded(join(folder, 'start.json'), 'host', isText, submission.folder),
    code: recorded(join(folder, 'exit.json'), 'code', isNumber, submission.folder),
  };
}

/** Prevents a task that has not started from running its job. False if it has started, or was given up before. */
export function giveUp({ submission, number }: TaskPlace): boolean {
  try {
    mkdirSync(join(submission.folder, 'tasks', String(number)));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** The last lines that Slurm wrote about a task, as one line; empty if there are none. */
export function slurmWords({ submission, number }: TaskPlace): string {
  const file = join(submission.folder, 'output', `${number}.txt`);
  if (!existsSync(file)) return '';
  return readOwnText(file, mostBytes.record).trim().split('\n').slice(-3).join(' / ');
}

/** Undefined if the file does not exist. Throws SlurmError. */
function recorded<Value>(file: string, key: string, isRight: (value: unknown) => value is Value, folder: string): Value | undefined {
  let text: string;
  try {
    text = readOwnText(file, mostBytes.record);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return valueIn(text, key, isRight, file, folder);
}

function valueIn<Value>(text: string, key: string, isRight: (value: unknown) => value is Value, place: string, folder: string): Value {
  const value = (parsed(text) as Record<string, unknown> | null | undefined)?.[key];
  if (isRight(value)) return value;
  throw new SlurmError(`${place} is damaged: it has no ${key}. Delete ${folder} when squeue lists none of its jobs`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isText = (value: unknown): value is string => typeof value === 'string';

const isNumber = (value: unknown): value is number => typeof value === 'number';
