import { existsSync } from 'node:fs';
import type { ProjectSettings } from '@tass/config';
import {
  blanksOf,
  buildNetwork,
  checkExperiment,
  createAnsweringStep,
  createLookingStep,
  openEngine,
  prepareData,
  refuseOtherData,
  runFiles,
  withBestParameters,
  type AnsweringStep,
  type Blanks,
  type Experiment,
  type ExperimentData,
  type LookingStep,
} from '@tass/experiment';
import type { BuiltNetwork } from '@tass/network';
import { findRun, resumeCommand, RunError, type RunRecord, readRunConfig } from '@tass/tracking';

/** An open run: its network with the parameters of its best epoch, and its data. */
export interface OpenedRun {
  readonly record: RunRecord;
  readonly experiment: Experiment;
  readonly data: ExperimentData;
  readonly network: BuiltNetwork;
  readonly parameters: object;
  readonly epoch: number;
  readonly blanks: Blanks; // features without information about a video
  readonly looking: LookingStep;
  readonly answering: AnsweringStep;
}

export interface RunToOpen {
  readonly run: string; // id, beginning or end of an id, or folder
  readonly split: 'val' | 'test';
  readonly overrides: readonly string[]; // of the engine only
}

/**
 * Opens a run for `work` and frees its tensors afterwards. Throws RunError for a run without a finished epoch, for test questions of an
 * unfinished run, and if the run's data or features have changed; the encoders' errors if features are missing; CheckpointError.
 */
export async function withRun<Result>(
  { run, split, overrides }: RunToOpen,
  settings: ProjectSettings,
  work: (opened: OpenedRun) => Promise<Result>,
): Promise<Result> {
  const record = findRun(settings.runs, run);
  const resume = resumeCommand(record.manifest);
  if (!existsSync(runFiles.best(record.folder)))
    throw new RunError(`${record.folder} cannot be explained: no epoch is finished. Resume it: ${resume}`);
  if (split === 'test' && !record.finished)
    throw new RunError(
      `${record.folder} is not finished, and test is read once, after the choice of the epoch. Resume it: ${resume}; or explain --split=val`,
    );
  const experiment = checkExperiment(readRunConfig(record, overrides));
  await openEngine(experiment);
  const data = await prepareData(experiment, settings, { run: record.folder });
  refuseOtherData(record, data);
  const network = buildNetwork(experiment, data.sizes);
  const [looking, answering] = [createLookingStep(experiment, network), createAnsweringStep(experiment, network)];
  try {
    return await withBestParameters(record.folder, network, async (parameters, epoch) => {
      const blanks = blanksOf(data, data.train);
      return await work({ record, experiment, data, network, parameters, epoch, blanks, looking, answering });
    });
  } finally {
    looking.dispose();
    answering.dispose();
  }
}
