import { existsSync } from 'node:fs';
import { readConfig, type ProjectSettings } from '@tass/config';
import { type Question } from '@tass/dataset-music-avqa';
import { compare, fitPrior, formatComparison, formatTable, readPredictions, scoreByType, type PredictionRecord } from '@tass/evaluation';
import { checkExperiment, datasetRoot, readQuestions, runFiles, type Experiment, type QuestionSplits } from '@tass/experiment';
import { findRun, RunError, type RunRecord } from '@tass/tracking';
import type { CompareCommand } from './command-line';

const RESAMPLES = { seed: 1, resamples: 10_000 } as const;

interface ScoredRun {
  readonly record: RunRecord;
  readonly experiment: Experiment;
  readonly predictions: readonly PredictionRecord[];
}

/**
 * Two models on the same test questions, from the predictions in their run folders: the table, several seeds as mean ± deviation, then for
 * each pair of runs the paired tests. Throws RunError for a run without predictions and for runs of different questions.
 */
export function compareRuns({ runs, with: others }: CompareCommand, settings: ProjectSettings): string {
  const records = [...runs, ...others].map((idOrPath) => findRun(settings.runs, idOrPath));
  const [first] = records;
  const experimentOf = ({ folder }: RunRecord): Experiment => checkExperiment(readConfig(runFiles.config(folder)));
  const { dataset } = experimentOf(first);
  const splits = readQuestions(datasetRoot(dataset, settings), dataset);
  for (const record of records) refuseOtherQuestions(record, splits);
  const scored = records.map((record): ScoredRun => ({
    record,
    experiment: experimentOf(record),
    predictions: predictionsOf(record, splits.test),
  }));
  const models = [scored.slice(0, runs.length), scored.slice(runs.length)];
  for (const model of models) refuseMixture(model);

  const prior = fitPrior(splits.train, 'template');
  const rows = [
    { name: prior.name, scores: [scoreByType(prior.predictAll(splits.test), splits.test)] },
    ...models.map((model) => ({ name: titleOf(model), scores: model.map(({ predictions }) => scoreByType(predictions, splits.test)) })),
  ];
  const pairs = models[0].map((one, index) => {
    const other = models[1][index];
    const names = { first: titleOf([one]), second: titleOf([other]) };
    const comparison = formatComparison(compare(one.predictions, other.predictions, splits.test, RESAMPLES), names);
    return `${one.record.manifest.id} against ${other.record.manifest.id}\n\n${comparison}`;
  });
  return [formatTable(rows), ...pairs].join('\n\n');
}

/** Runs whose mean is shown must be one experiment with different seeds. */
function refuseMixture(model: readonly ScoredRun[]): void {
  const identity = ({ experiment: { seed: _, engine: __, ...rest } }: ScoredRun): string => JSON.stringify(rest);
  const [first] = model;
  for (const [index, run] of model.entries()) {
    const { folder } = run.record;
    if (identity(run) !== identity(first))
      throw new RunError(`${folder} is another experiment than ${first.record.folder}, expected the same with another seed`);
    const twin = model.slice(0, index).find(({ experiment: { seed } }) => seed === run.experiment.seed);
    if (twin) throw new RunError(`${folder} has the seed ${run.experiment.seed} of ${twin.record.folder}, expected different seeds`);
  }
}

const titleOf = ([{ experiment }]: readonly ScoredRun[]): string => experiment.title;

function predictionsOf({ folder, manifest, finished }: RunRecord, questions: readonly Question[]): PredictionRecord[] {
  const file = runFiles.predictions(folder, 'test');
  if (finished && existsSync(file)) return readPredictions(file, questions);
  const { id } = manifest;
  if (!finished) throw new RunError(`${folder} is not finished. Go on with it: npx nx run trainer:train --resume=${id}`);
  throw new RunError(`${folder} has no test predictions. Make them: npx nx run evaluator:evaluate --run=${id}`);
}

function refuseOtherQuestions({ folder, manifest }: RunRecord, { digests }: QuestionSplits): void {
  const part = (['train', 'test'] as const).find((name) => manifest.datasets[name] !== digests[name]);
  if (part === undefined) return;
  const [then, now] = [manifest.datasets[part], digests[part]].map((digest) => digest?.slice(0, 12) ?? 'none');
  throw new RunError(`${folder} had other ${part} questions (sha256 ${then}, expected ${now}). Compare runs of the same dataset`);
}
