import { readConfig, type ProjectSettings } from '@tass/config';
import { buildNetwork, checkExperiment, prepareData, reportOn, runFiles, type ExperimentData, type Report } from '@tass/experiment';
import { useEngine } from '@tass/tensor';
import { findRun, RunError, type RunRecord } from '@tass/tracking';
import type { EvaluateCommand } from './command-line';

export interface Evaluation {
  readonly run: RunRecord;
  readonly report: Report;
}

/** Scores a run on the data it was trained for. Throws RunError when that data or its features are others now. */
export async function evaluate({ run: idOrPath, split, overrides }: EvaluateCommand, settings: ProjectSettings): Promise<Evaluation> {
  const run = findRun(settings.runs, idOrPath);
  const experiment = checkExperiment(readConfig(runFiles.config(run.folder), overrides));
  await useEngine(experiment.engine);
  const data = await prepareData(experiment, settings);
  refuseOtherData(run, data);
  const network = buildNetwork(experiment, data.sizes, data.vocabulary.size);
  return { run, report: reportOn(split, run.folder, experiment, data, network) };
}

/** A score is only worth something on the features and questions that the run was made with. */
function refuseOtherData({ folder, manifest }: RunRecord, { digests, features }: ExperimentData): void {
  const now = { ...digests, ...(features ? { features: features.digest } : {}) };
  const then: Readonly<Record<string, string>> = { ...manifest.datasets, ...(manifest.features.store ? { features: manifest.features.store } : {}) };
  const changed = Object.entries(now).filter(([part, digest]) => then[part] !== digest);
  if (changed.length === 0) return;
  const parts = changed.map(([part, digest]) => `${part} (sha256 ${then[part]?.slice(0, 12) ?? 'none'} then, ${digest.slice(0, 12)} now)`);
  throw new RunError(`${folder} was trained with other data: ${parts.join(', ')}. Bring that data back, or train a new run`);
}
