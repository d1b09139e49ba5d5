import { QUESTION_TYPES, type Question } from '@tass/dataset-music-avqa';
import {
  fitPrior,
  formatTable,
  formatTemplates,
  percent,
  scoreByType,
  scoreTemplates,
  writePredictions,
  type PredictionRecord,
  type Prior,
  type PriorRule,
  type Score,
  type TableFormat,
  type TableRow,
} from '@tass/evaluation';
import type { BuiltNetwork } from '@tass/network';
import { counted } from '@tass/program';
import { showProgress } from '@tass/progress';
import { withBestParameters } from './best-parameters';
import type { BatchSource } from './load-batch';
import { describePresent } from './present-questions';
import type { FurtherTest, Present } from './parts';
import type { AnsweringStep } from './predict';
import { learntQuestions, type QuestionSplits } from './questions';
import { runFiles } from './run-files';
import type { Experiment } from './schema';
import { scoreQuestions } from './score';

/** The scores of a run's best checkpoint on a split, and of the prior on the same questions. */
export interface Report {
  readonly split: 'val' | 'test';
  readonly score: Score;
  readonly prior: Score; // of the most frequent answer for each template of train; on the tests of v2.0 and R, for each filled question of train and val
  readonly epoch: number; // whose parameters were scored; chosen on val
  readonly present?: Present; // with dataset.questions=present: the numbers of all videos and questions
  readonly text: string; // the field's table, then a line for each template
  readonly markdown: string;
  readonly furtherTest?: FurtherTest & { readonly halves: Readonly<Partial<Record<Half, Score>>> }; // of R
}

type Half = 'head' | 'tail';

/** The inputs of a report, besides the run folder. */
export type ScoredData = BatchSource & Pick<QuestionSplits, 'train' | 'val' | 'test' | 'files' | 'furtherTest'>;

/**
 * Scores the best checkpoint of a run folder on a split by `step`, the network's, and writes a line for each question to `predictions-<split>.jsonl`, or to another file.
 * Throws CheckpointError, PredictionError.
 */
export async function reportOn(
  split: 'val' | 'test',
  folder: string,
  experiment: Experiment,
  data: ScoredData,
  network: BuiltNetwork,
  step: AnsweringStep,
  predictions = runFiles.predictions(folder, split),
): Promise<Report> {
  const questions = data[split];
  const { score, records, epoch } = await withBestParameters(folder, network, async (parameters, ofEpoch) => {
    const progress = showProgress({ label: `scoring ${split}`, unit: 'questions', total: questions.length });
    const scored = await scoreQuestions(step, parameters, questions, data, (done, total) =>
      progress.update(Math.round((done / total) * questions.length)),
    );
    progress.finish();
    return { ...scored, epoch: ofEpoch };
  });
  writePredictions(predictions, records);

  const { present } = data.files[split];
  const furtherTest = split === 'test' ? data.furtherTest : undefined;
  const isRephrased = questions.some(({ frequency }) => frequency !== undefined);
  const priors = furtherTest ? floorsOf(data, isRephrased ? 'type' : 'template') : [fitPrior(data.train, 'template')];
  const tables = tablesOf(experiment.title, priors, questions, records);
  const templates = isRephrased ? undefined : scoreTemplates(records, questions, priors[0]); // its questions have no templates
  const heading = `${counted(questions.length, `${split} question`)}${aside(furtherTest)}${describePresent(data.files[split])}, parameters of epoch ${epoch} (the best on val)`;
  const parts = (format: TableFormat): string[] => [
    heading,
    ...tables.map(
      ({ half, rows }) => `${half ? `${half}: questions with ${ANSWERS_OF[half]} answers\n\n` : ''}${formatTable(rows, format)}`,
    ),
    ...(templates ? [formatTemplates(templates, format)] : []),
  ];
  const halves = Object.fromEntries(tables.flatMap(({ half, rows }) => (half ? [[half, rows.at(-1)!.scores[0]]] : [])));
  return {
    split,
    score,
    prior: scoreByType(priors.at(-1)!.predictAll(questions), questions),
    epoch,
    text: `${parts('text').join('\n\n')}\n`,
    markdown: `# ${experiment.title}\n\n${parts('markdown').join('\n\n')}\n`,
    ...(present ? { present } : {}),
    ...(furtherTest ? { furtherTest: { ...furtherTest, halves } } : {}),
  };
}

/** Fitted on all questions used for training or for choosing the epoch. */
function floorsOf(data: ScoredData, coarse: PriorRule): Prior[] {
  const priors = ([coarse, 'question'] as const).map((rule) => fitPrior(learntQuestions(data), rule));
  return priors.map((prior) => ({ ...prior, name: `${prior.name} of train and val` }));
}

const aside = (furtherTest: FurtherTest | undefined): string =>
  furtherTest ? ` of ${furtherTest.name} (${furtherTest.leftOut} more are left out, as the model was trained or chosen on them)` : '';

interface Table {
  readonly half?: Half; // absent: all questions
  readonly rows: readonly TableRow[]; // the model's is the last
}

/** One table for all questions; for R, also one for questions with frequent answers and one for those with rare ones. */
function tablesOf(title: string, priors: readonly Prior[], questions: readonly Question[], records: readonly PredictionRecord[]): Table[] {
  const tableOf = (isIn: (question: Question) => boolean): Table => {
    const asked = questions.filter(isIn);
    const answered = records.filter((_, at) => isIn(questions[at]));
    const rows = [
      ...priors.map((prior) => ({ name: prior.name, predictions: prior.predictAll(asked) })),
      { name: title, predictions: answered },
    ];
    return { rows: rows.map((row) => ({ name: row.name, scores: [scoreByType(row.predictions, asked)] })) };
  };
  const halves = (['head', 'tail'] as const).filter((half) => questions.some(({ frequency }) => frequency === half));
  return [tableOf(() => true), ...halves.map((half) => ({ half, ...tableOf(({ frequency }) => frequency === half) }))];
}

const ANSWERS_OF: Readonly<Record<Half, string>> = { head: 'frequent', tail: 'rare' };

/** The content of report.json: counts and percent by type. */
export function reportJson({ split, score, prior, epoch, present, furtherTest }: Report): object {
  const figures = ({ types, groups, all }: Score): object => ({
    types: Object.fromEntries(types.map((count, type) => [QUESTION_TYPES[type].short, { ...count, percent: percentOrNull(count) }])),
    groups: Object.fromEntries(Object.entries(groups).map(([group, count]) => [group, { ...count, percent: percentOrNull(count) }])),
    all: { ...all, percent: percentOrNull(all) },
  });
  const { halves = {}, ...test } = furtherTest ?? {};
  return {
    ...{ split, epoch, ...(present ? { present } : {}), score: figures(score), prior: figures(prior) },
    ...(furtherTest ? { test } : {}),
    ...Object.fromEntries(Object.entries(halves).map(([half, ofHalf]) => [half, figures(ofHalf)])),
  };
}

const percentOrNull = (count: Score['all']): number | null => (count.total === 0 ? null : percent(count));
