import { QUESTION_TYPES } from '@tass/dataset-music-avqa';
import {
  fitPrior,
  formatTable,
  formatTemplates,
  percent,
  scoreByType,
  scoreTemplates,
  writePredictions,
  type Score,
} from '@tass/evaluation';
import { withParameters } from '@tass/tensor';
import type { ExperimentData } from './data';
import type { Network } from './network';
import type { Present } from './parts';
import { describePresent } from './present-questions';
import { readParameters } from './parameter-files';
import { createAnsweringStep } from './predict';
import { showProgress } from './progress';
import { runFiles } from './run-files';
import type { Experiment } from './schema';
import { scoreQuestions } from './score';

/** What a run's best checkpoint is worth on a split, beside the prior on the same questions. */
export interface Report {
  readonly split: 'val' | 'test';
  readonly score: Score;
  readonly prior: Score; // the most frequent answer of each template, fitted on the training part
  readonly epoch: number; // whose parameters were scored; chosen on val
  readonly present?: Present; // with dataset.questions=present: of how many videos and questions these are the ones that are here
  readonly text: string; // the field's table, then a line for each template
  readonly markdown: string;
}

/**
 * Scores the best checkpoint of a run folder on a split and writes a line for each question to `predictions-<split>.jsonl`.
 * Throws CheckpointError, PredictionError.
 */
export async function reportOn(
  split: 'val' | 'test',
  folder: string,
  experiment: Experiment,
  data: ExperimentData,
  network: Network,
): Promise<Report> {
  const { named, state } = readParameters(runFiles.best(folder), network.parameters);
  const questions = data[split];
  const progress = showProgress(`scoring ${split}`, questions.length);
  const step = createAnsweringStep(experiment, network);
  const parameters = withParameters(network.parameters, named);
  const { score, records } = await scoreQuestions(step, parameters, questions, data, (done, total) =>
    progress.update(Math.round((done / total) * questions.length)),
  );
  progress.finish();
  step.dispose();
  for (const tensor of named.values()) tensor.dispose();
  writePredictions(runFiles.predictions(folder, split), records);

  const prior = fitPrior(data.train, 'template');
  const priorScore = scoreByType(prior.predictAll(questions), questions);
  const rows = [
    { name: prior.name, scores: [priorScore] },
    { name: experiment.title, scores: [score] },
  ];
  const templates = scoreTemplates(records, questions, prior);
  const { epoch } = state as { epoch: number };
  const present = data.files[split].present;
  const heading = `${questions.length} ${split} questions${describePresent(data.files[split])}, parameters of epoch ${epoch} (the best on val)`;
  return {
    split,
    score,
    prior: priorScore,
    epoch,
    ...(present ? { present } : {}),
    text: `${heading}\n\n${formatTable(rows)}\n\n${formatTemplates(templates)}\n`,
    markdown: `# ${experiment.title}\n\n${heading}\n\n${formatTable(rows, 'markdown')}\n\n${formatTemplates(templates, 'markdown')}\n`,
  };
}

/** A report as report.json keeps it: counts and percent by type. */
export function reportJson({ split, score, prior, epoch, present }: Report): object {
  const figures = ({ types, groups, all }: Score): object => ({
    types: Object.fromEntries(types.map((count, type) => [QUESTION_TYPES[type].short, { ...count, percent: percentOrNull(count) }])),
    groups: Object.fromEntries(Object.entries(groups).map(([group, count]) => [group, { ...count, percent: percentOrNull(count) }])),
    all: { ...all, percent: percentOrNull(all) },
  });
  return { split, epoch, ...(present ? { present } : {}), score: figures(score), prior: figures(prior) };
}

const percentOrNull = (count: Score['all']): number | null => (count.total === 0 ? null : percent(count));
