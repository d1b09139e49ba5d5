import { existsSync } from 'node:fs';
import { basename, isAbsolute, relative, sep } from 'node:path';
import { ConfigError, type ProjectSettings } from '@tass/config';
import { PredictionError, readAnswers } from '@tass/evaluation';
import { runFiles } from '@tass/experiment';
import { RunError, type RunRecord } from '@tass/tracking';
import { ComparisonError } from './comparison-error';
import { describeDifference, readEntry, type Entry } from './entries';
import { groupRuns, type RunMethod, type ScoredEntry } from './methods';
import { markAnswers, pageOfRun, type Page, type RunPage } from './page';
import { leftOutBy, type LeftOut } from './left-out';
import type { RunsRequest } from './request';
import { runRow } from './run-row';
import { selectRuns } from './select-runs';
import { calibrationCache, storedCalibration } from './stored-calibration';
import { readUse, type RunUse } from './read-use';

export interface Collected {
  readonly page: RunPage;
  readonly methods: readonly RunMethod[];
  readonly leftOut: readonly LeftOut[];
  readonly first: string | undefined; // id of the method of a sweep's first cell
}

/**
 * Reads the requested runs that fit on one page: the page of the requested data, else of the newest run. Other runs are left out with a
 * reason; for a run requested by name, that is an error. Throws ComparisonError, also if no run is left; ConfigError and PredictionError
 * for a run requested by name; AnnotationError.
 */
export function collectRuns(runsRoot: string, request: RunsRequest, settings: ProjectSettings): Collected {
  const { records, leftOut: missing, firstCell } = selectRuns(runsRoot, request);
  const sieve = new Sieve(request.named !== undefined, missing);
  const entries = sieve.keep(records, (record) => record, (record) => readEntry(record, request.split)); // prettier-ignore
  const first = entries.find(({ data }) => data.id.startsWith(request.questions ?? ''));
  if (first === undefined) throw nothingLeft(runsRoot, request, entries, sieve.leftOut);
  const sameData = sieve.keep(entries, recordOf, (entry) => ofSameData(entry, first));
  const page = pageOfRun(first, request.split, request.root, settings);
  const unused: LeftOut[] = []; // missing parts of runs that are on the page
  const scored = sieve.keep(sameData, recordOf, (entry) => scoredOn(page, entry, settings, unused));
  if (scored.length === 0) throw nothingLeft(runsRoot, request, entries, sieve.leftOut);
  const { methods, leftOut } = groupRuns(scored);
  const ofFirstCell = methods.find(({ runs }) => firstCell !== undefined && runs.some(({ record }) => record.manifest.cell === firstCell));
  return { page, methods, leftOut: [...sieve.leftOut, ...unused, ...leftOut], first: ofFirstCell?.id };
}

/** Collects the results of `read`, and the reasons for runs on which it fails. */
class Sieve {
  readonly leftOut: LeftOut[];

  constructor(
    private readonly isStrict: boolean, // a run that cannot be kept is an error
    leftOut: readonly LeftOut[],
  ) {
    this.leftOut = [...leftOut];
  }

  keep<Item, Kept>(items: readonly Item[], recordOf: (item: Item) => RunRecord, read: (item: Item) => Kept): Kept[] {
    return items.flatMap((item) => {
      try {
        return [read(item)];
      } catch (error) {
        if (this.isStrict || !isOfTheRun(error)) throw error;
        const { folder, manifest } = recordOf(item);
        this.leftOut.push(leftOutBy(error, folder, manifest.id));
        return [];
      }
    });
  }
}

/** Includes errors of the file system: a missing or unreadable file. */
const isOfTheRun = (error: unknown): error is Error =>
  [RunError, ComparisonError, ConfigError, PredictionError].some((kind) => error instanceof kind) ||
  (error as NodeJS.ErrnoException).syscall !== undefined;

const recordOf = ({ record }: Entry): RunRecord => record;

function ofSameData(entry: Entry, first: Entry): Entry {
  if (entry.data.id === first.data.id) return entry;
  const other = describeDifference(entry.data, first.data);
  const { folder } = entry.record;
  throw new ComparisonError(`${folder} is on other questions than ${first.record.manifest.id}: ${other}. All figures of a page are on the same questions; select these with --questions=${entry.data.id}`); // prettier-ignore
}

function scoredOn(page: Page, entry: Entry, settings: ProjectSettings, unused: LeftOut[]): ScoredEntry {
  const answers = readAnswers(entry.predictions, page.questions, entry.report.files[basename(entry.predictions)]);
  const right = markAnswers(answers, page.questions);
  const calibration = storedCalibration(calibrationCache(settings), entry.predictions, page, right);
  const grounding = runFiles.grounding(entry.record.folder, page.split);
  const row = runRow(entry, page);
  return {
    ...entry,
    grounding: existsSync(grounding) ? grounding : null,
    row: { ...row, calibration, folder: folderWithin(settings.root, entry.record.folder) },
    seed: entry.experiment.seed,
    answers,
    right,
    use: useOf(entry, page, row.epoch, unused),
  };
}

/** If the file of its use cannot be read, a run is on the page without that part. */
function useOf({ record: { folder, manifest } }: Entry, page: Page, epoch: number | null, unused: LeftOut[]): RunUse | null {
  try {
    return readUse(folder, page, epoch);
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    unused.push(leftOutBy(error, folder, manifest.id, 'use of the grounding'));
    return null;
  }
}

/** Pages are shared, so a folder outside the project is not named. */
function folderWithin(root: string, folder: string): string | null {
  const path = relative(root, folder);
  return path.startsWith('..') || isAbsolute(path) ? null : path.split(sep).join('/');
}

function nothingLeft(
  runsRoot: string,
  { questions, split }: RunsRequest,
  entries: readonly Entry[],
  leftOut: readonly LeftOut[],
): ComparisonError {
  if (questions !== undefined && entries.length > 0) {
    const known = [...new Set(entries.map((entry) => entry.data.id))];
    return new ComparisonError(`no finished run is on the questions ${questions}. There are runs on ${known.join(', ')}`);
  }
  if (leftOut.length === 0)
    return new ComparisonError(`${runsRoot} has none of the requested runs. Train one: npx nx run trainer:train --exp=quickstart`);
  const reasons = leftOut.slice(0, 5).map(({ run, reason }) => `\n  ${run}: ${reason}`);
  const more = leftOut.length > 5 ? `\n  and ${leftOut.length - 5} more` : '';
  return new ComparisonError(`there is no finished run with ${split} predictions to show:${reasons.join('')}${more}`);
}
