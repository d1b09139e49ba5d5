import { nameHere, type ProjectSettings } from '@tass/config';
import { shellWord, UsageError } from '@tass/program';
import { findSweep, splitLauncherWords, SweepError, unfinishedSweeps, type Sweep } from '@tass/sweep';
import type { SweepCommand } from './command-line';
import { sayChoice } from './say-choice';
import type { SweepRequest } from './sweep-plan';

/** The sweep that `--resume` names, or the experiment's newest sweep with unfinished cells. Throws SweepError, UsageError. */
export function sweepToResume({ resume, experiment }: SweepCommand, { runs }: ProjectSettings): Sweep {
  if (typeof resume === 'string') return findSweep(runs, resume, experiment);
  if (experiment === undefined) throw new UsageError('which sweep? Write --resume=SWEEP, or --exp=NAME --resume');
  const unfinished = unfinishedSweeps(runs, experiment);
  sayChoice(
    `sweeps of ${experiment}`,
    unfinished.map(({ id, done, total }) => ({ name: id, reached: `${done} of ${total} cells done` })),
  );
  if (unfinished.length > 0) return unfinished[0];
  throw new SweepError(
    `there is no unfinished sweep of ${experiment}. Start one: npx nx run trainer:sweep ${shellWord(`--exp=${experiment}`)}`,
  );
}

/** The stored request of a sweep; only the launcher may change. Throws UsageError for other settings; SweepError. */
export function requestOf({ grid, id, folder }: Sweep, { overrides }: SweepCommand, { experiments }: ProjectSettings): SweepRequest {
  const { others } = splitLauncherWords(overrides);
  if (others.length > 0)
    throw new UsageError(
      `${others.join(' ')} cannot be changed with --resume: ${id} keeps its cells. Start a new sweep, or leave them out`,
    );
  const begun = grid as SweepRequest | null;
  const isWhole = typeof begun?.experiment === 'string' && Array.isArray(begun.overrides) && begun.overrides.every(isText);
  if (!isWhole)
    throw new SweepError(`${folder}/sweep.json does not record what was requested. Delete its folder and start the sweep again`);
  return { experiment: nameHere(experiments, begun.experiment), overrides: [...begun.overrides, ...overrides] };
}

const isText = (word: unknown): boolean => typeof word === 'string';
