import { readConfig, type ProjectSettings } from '@tass/config';
import { buildNetwork, checkExperiment, openEngine, prepareData, refuseOtherData, reportOn, runFiles, type Report } from '@tass/experiment';
import { findRun, type RunRecord } from '@tass/tracking';
import type { EvaluateCommand } from './command-line';

export interface Evaluation {
  readonly run: RunRecord;
  readonly report: Report;
}

/** Scores a run on the data it was trained for. Throws RunError when that data or its features are others now. */
export async function evaluate({ run: idOrPath, split, overrides }: EvaluateCommand, settings: ProjectSettings): Promise<Evaluation> {
  const run = findRun(settings.runs, idOrPath);
  const experiment = checkExperiment(readConfig(runFiles.config(run.folder), overrides));
  await openEngine(experiment);
  const data = await prepareData(experiment, settings);
  refuseOtherData(run, data);
  const network = buildNetwork(experiment, data.sizes, data.vocabulary.size);
  return { run, report: reportOn(split, run.folder, experiment, data, network) };
}
