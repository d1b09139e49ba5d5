import { existsSync } from 'node:fs';
import { readConfig, type ProjectSettings } from '@tass/config';
import { buildNetwork, checkExperiment, openEngine, prepareData, refuseOtherData, reportOn, runFiles, type Report } from '@tass/experiment';
import { findRun, RunError, type RunRecord } from '@tass/tracking';
import type { EvaluateCommand } from './command-line';

export interface Evaluation {
  readonly run: RunRecord;
  readonly report: Report;
}

/** Scores a run on the data it was trained for. Throws RunError when that data or its features are others now. */
export async function evaluate({ run: idOrPath, split, overrides }: EvaluateCommand, settings: ProjectSettings): Promise<Evaluation> {
  const run = findRun(settings.runs, idOrPath);
  if (!existsSync(runFiles.best(run.folder))) {
    const goOn = `npx nx run trainer:train --resume=${run.manifest.id}`;
    throw new RunError(`${run.folder} has nothing to score yet, as none of its epochs is finished. Go on with it: ${goOn}`);
  }
  if (split === 'test' && !run.finished) {
    const goOn = `npx nx run trainer:train --resume=${run.manifest.id}`;
    throw new RunError(
      `${run.folder} is not finished, and test is read once, after the choice of the epoch. Go on with it: ${goOn}; or score --split=val`,
    );
  }
  const experiment = checkExperiment(readConfig(runFiles.config(run.folder), overrides));
  await openEngine(experiment);
  const data = await prepareData(experiment, settings, run.folder);
  refuseOtherData(run, data);
  const network = buildNetwork(experiment, data.sizes, data.vocabulary.size);
  return { run, report: await reportOn(split, run.folder, experiment, data, network) };
}
