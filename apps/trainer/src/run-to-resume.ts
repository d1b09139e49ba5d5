import { relative } from 'node:path';
import { namesOf, type ProjectSettings } from '@tass/config';
import { say } from '@tass/progress';
import { shellWord, UsageError } from '@tass/program';
import { findRun, lockedBy, NoRunError, readFinalMetrics, resumeCommand, RunError, unfinishedRuns, type RunRecord } from '@tass/tracking';
import type { TrainCommand } from './command-line';
import { sayChoice } from './say-choice';
import { sweepNamed, unfinishedSweepOf } from './sweep-of-run';

/**
 * The unfinished run that `--resume` names, or the experiment's newest unfinished run that no process works on. Throws RunError, LockError,
 * UsageError.
 */
export function runToResume({ resume, experiment, show }: TrainCommand, settings: ProjectSettings): RunRecord {
  const record = typeof resume === 'string' ? namedRun(resume, settings) : newestFree(experiment!, settings);
  if (record.finished)
    throw new RunError(
      `the run ${record.folder} is finished. Score it: npx nx run evaluator:evaluate ${shellWord(`--run=${record.manifest.id}`)}`,
    );
  if (experiment !== undefined && !namesOf(experiment).includes(record.manifest.experiment)) {
    throw new UsageError(
      `--exp=${experiment}, but the run ${record.folder} belongs to ${record.manifest.experiment}. Leave out --exp, or name a run of ${experiment}`,
    );
  }
  const locked = show ? undefined : lockedBy(record.folder);
  if (locked) throw locked; // before the data are opened
  const { sweep } = record.manifest;
  if (sweep && !show)
    say(`the run ${record.manifest.id} is a cell of the sweep ${sweep.id}. ${resumeCommand(record.manifest)} resumes all its cells`);
  return record;
}

/** Throws RunError that, if the word names a sweep or a cell, has the command that resumes the sweep. */
function namedRun(word: string, { runs }: ProjectSettings): RunRecord {
  try {
    return findRun(runs, word);
  } catch (error) {
    const sweep = error instanceof NoRunError ? sweepNamed(word, runs) : undefined;
    if (!sweep) throw error;
    throw new RunError(
      `${word} names no run; it belongs to the sweep ${sweep.id} of ${sweep.experiment}. To resume it: ${resumes(sweep.id)}`,
    );
  }
}

const resumes = (id: string): string => `npx nx run trainer:sweep ${shellWord(`--resume=${id}`)}`;

const mostLines = 5; // a sweep may be running

function newestFree(experiment: string, { runs: root }: ProjectSettings): RunRecord {
  const { runs, damaged } = unfinishedRuns(root, experiment);
  for (const { error } of damaged) say(`left out: ${error.message}`);
  const looked = runs.map((run) => ({ run, locked: lockedBy(run.folder)?.message }));
  const free = looked.filter(({ locked }) => locked === undefined).map(({ run }) => run);
  const inUse = looked.flatMap(({ locked }) => locked ?? []);
  const lines = inUse.length > mostLines ? [...inUse.slice(0, mostLines), `${inUse.length - mostLines} more are in use`] : inUse;
  if (free.length === 0) {
    const reasons = lines.length > 0 ? `:\n${lines.join('\n')}\n` : '. ';
    const sweep = unfinishedSweepOf(experiment, root);
    const advice = sweep
      ? `There is an unfinished sweep, ${sweep.id}. To resume it: ${resumes(sweep.id)}`
      : `Start one: npx nx run trainer:train ${shellWord(`--exp=${experiment}`)}`;
    throw new RunError(`there is no unfinished run of ${experiment} in ${root} that is free to resume${reasons}${advice}`);
  }
  for (const line of lines) say(`left out: ${line}`);
  const choice = free.map(({ folder }) => ({ name: relative(root, folder), reached: reachedBy(folder) }));
  sayChoice(`runs of ${experiment}`, choice);
  return free[0];
}

function reachedBy(folder: string): string {
  try {
    const epoch = readFinalMetrics(folder).at(-1)?.epoch ?? 0;
    return epoch === 1 ? '1 epoch done' : `${epoch} epochs done`;
  } catch {
    return 'its journal is damaged';
  }
}
