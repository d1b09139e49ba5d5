import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { compareGrounding, type MethodJudgement, type ResampleOptions } from '@tass/evaluation';
import { readGrounding, type KeptGrounding } from '@tass/experiment';
import { RunError } from '@tass/tracking';
import type { BoardMethod, BoardRun } from './board';
import { kept } from './kept';
import { leftOutBy, type LeftOut } from './left-out';
import type { Page } from './page';

/** Where and when methods look. */
export interface ComparedGrounding {
  readonly methods: readonly MethodJudgement[]; // in the order of the methods; their runs in that of the methods' runs
  readonly bounds: KeptGrounding['bounds'];
  readonly leftOut: readonly LeftOut[]; // runs whose file cannot be used
}

/** Bump this when the same files give a different comparison. */
const VERSION = 1;

/**
 * `compareGrounding` of the runs' files, cached in `cache` while sizes and times of these files stay the same. A run without a file has no
 * figures.
 */
export function storedGrounding(
  cache: string,
  methods: readonly BoardMethod[],
  reference: string | null,
  { questions, digest }: Page,
  options: ResampleOptions,
): ComparedGrounding {
  const isKnown = methods.some(({ runs }) => runs.some(({ grounding }) => grounding !== null));
  if (!isKnown)
    return { methods: methods.map(({ id, runs }) => ({ id, figures: {}, runs: runs.map(() => ({})) })), bounds: {}, leftOut: [] };
  const files = methods.map(({ id, runs }) => [
    id,
    runs.map(({ seed, row, grounding }) => [seed, row.id, row.epoch, grounding && stampOf(grounding)]),
  ]);
  const key = JSON.stringify([VERSION, files, reference, options, digest, questions.map(({ id }) => id)]);
  const file = join(cache, `grounding-${createHash('sha256').update(key).digest('hex')}.json`);
  return kept(file, isWhole, () => {
    const leftOut: LeftOut[] = [];
    const leaveOut = (error: RunError, { grounding, row }: BoardRun): void =>
      void leftOut.push(leftOutBy(error, dirname(grounding!), row.id, 'where and when it looks'));
    const all = methods.flatMap(({ runs }) => runs.flatMap((run) => readOf(run, questions, leaveOut)));
    const newest = all.filter(({ truth }) => truth !== undefined).sort((one, other) => (one.run.row.id < other.run.row.id ? 1 : -1))[0];
    const usable = all.filter(({ run, truth }) => {
      if (truth === undefined || truth === newest.truth) return true;
      const [own, asked] = [truth, newest.truth!].map((sha256) => sha256.slice(0, 12));
      leaveOut(new RunError(`it was measured with another ground truth (sha256 ${own}) than ${newest.run.row.id} (${asked}). Measure one of them again with the same truth: npx nx run evaluator:evaluate --run=RUN`), run); // prettier-ignore
      return false;
    });
    const valuesOf = new Map(usable.map(({ run, values }) => [run, values]));
    const bounds: KeptGrounding['bounds'] = Object.assign({}, ...usable.map((one) => one.bounds));
    const judged = methods.map(({ id, runs }) => ({ id, runs: runs.map((run) => ({ seed: run.seed, values: valuesOf.get(run) ?? {} })) }));
    return { methods: compareGrounding(judged, reference, questions, options), bounds, leftOut };
  });
}

/** A run's file, if it has one. */
function readOf(
  run: BoardRun,
  questions: Page['questions'],
  leaveOut: (error: RunError, run: BoardRun) => void,
): (KeptGrounding & { readonly run: BoardRun })[] {
  if (run.grounding === null) return [];
  try {
    return [{ run, ...readGrounding(run.grounding, questions, run.row.epoch) }];
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    leaveOut(error, run);
    return [];
  }
}

function stampOf(file: string): unknown {
  const { size, mtimeMs, ctimeMs, ino } = statSync(file);
  return [resolve(file), size, mtimeMs, ctimeMs, ino];
}

const isWhole = (stored: unknown): stored is ComparedGrounding =>
  Array.isArray((stored as Partial<ComparedGrounding> | undefined)?.methods) && (stored as ComparedGrounding).bounds instanceof Object;
