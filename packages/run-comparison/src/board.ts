import { ANSWERS, QUESTION_TYPES } from '@tass/dataset-music-avqa';
import {
  accuracyByColumn,
  accuracyByTemplate,
  confusionOf,
  fitPrior,
  groupByTemplate,
  markCorrect,
  type MarkedRun,
  type PriorRule,
  type ResampleOptions,
} from '@tass/evaluation';
import type { Leaderboard, MethodRow, PriorRow, RunRow } from '@tass/leaderboard';
import { changesBetween } from './methods';
import type { Page } from './page';
import type { Published } from './published';
import { findReference } from './reference';
import type { LeftOut } from './left-out';
import { storedGrounding } from './stored-grounding';
import { storedStatistics } from './stored-statistics';
import type { RunUse } from './read-use';
import { storedUse } from './stored-use';

export interface BoardRun extends MarkedRun {
  readonly answers: Uint8Array; // [questions], indices in ANSWERS
  readonly grounding: string | null; // file of its grounding; null: it has none
  readonly row: Omit<RunRow, 'figures' | 'grounding'>;
  readonly use: RunUse | null; // null: not measured
}

export interface BoardMethod {
  readonly id: string;
  readonly name: string;
  readonly experiment: string;
  readonly identity: object | null; // null: from another program, so unknown
  readonly overrides: readonly string[]; // as MethodRow has them
  readonly runs: readonly BoardRun[];
}

export interface BoardOptions {
  readonly title: string;
  readonly reference: string | undefined; // as `findReference` takes it
  readonly first: string | undefined; // id of the default reference; without it, the best method over all questions
  readonly resampling: ResampleOptions;
  readonly published: Published;
  readonly leftOut: readonly LeftOut[];
  readonly cache: string; // folder of stored statistics
}

/**
 * A leaderboard of methods that were all scored on the page's questions; without a reference if there is only one method. Throws
 * ComparisonError for an unknown reference.
 */
export function makeLeaderboard(page: Page, methods: readonly BoardMethod[], options: BoardOptions): Leaderboard {
  const { reference, by } = referenceOf(page, methods, options);
  const statistics = storedStatistics(options.cache, methods, reference?.id ?? null, page, options.resampling);
  const grounding = storedGrounding(options.cache, methods, reference?.id ?? null, page, options.resampling);
  const templates = groupByTemplate(page.questions);
  const right = page.questions.map(({ answer }) => answer);
  const uses = storedUse(options.cache, methods, page, options.resampling);
  const rows = methods.map(({ id, name, experiment, identity, overrides, runs }, at): MethodRow => {
    const { figures, runs: ofRuns, against } = statistics[at];
    const changes = identity && reference?.identity ? changesBetween(reference.identity, identity) : [];
    const ofMethod = runs.map(({ row }, run) => ({ ...row, grounding: grounding.methods[at].runs[run], figures: ofRuns[run] }));
    const ofTemplates = accuracyByTemplate(
      runs.map((run) => run.right),
      templates,
    );
    const confusion = confusionOf(
      runs.map(({ answers }) => answers),
      right,
    );
    const looks = grounding.methods[at].figures;
    return {
      id,
      name,
      experiment,
      changes,
      overrides,
      runs: ofMethod,
      figures,
      templates: ofTemplates,
      grounding: looks,
      confusion,
      against,
      use: uses[at] ?? undefined,
    };
  });
  const { name, label, split, digest, questions, columns } = page;
  const videos = new Set(questions.map(({ videoId }) => videoId)).size;
  return {
    title: options.title,
    created: new Date().toISOString(),
    dataset: { name, label, split, digest, questions: questions.length, videos },
    columns: columns.columns,
    methods: rows.sort((a, b) => b.figures.All.mean - a.figures.All.mean),
    reference: reference?.id ?? null,
    referenceBy: by,
    priors: priorsOn(page),
    publishedOn: page.publishedOn,
    ...options.published,
    groundingBounds: grounding.bounds,
    templates: templates.map(({ type, template, questions: { length } }) => ({
      type: QUESTION_TYPES[type].short,
      template,
      total: length,
    })),
    answers: ANSWERS,
    tests: [],
    bootstrap: options.resampling,
    leftOut: [...options.leftOut, ...grounding.leftOut],
  };
}

function referenceOf(
  page: Page,
  methods: readonly BoardMethod[],
  { reference, first }: BoardOptions,
): { readonly reference: BoardMethod | undefined; readonly by: Leaderboard['referenceBy'] } {
  const candidates = methods.map((method) => ({ ...method, runs: method.runs.map(({ row }) => row.id) }));
  const wanted = reference === undefined ? first : findReference(reference, candidates);
  if (methods.length === 1) return { reference: undefined, by: null };
  const chosen = methods.find(({ id }) => id === wanted);
  if (chosen) return { reference: chosen, by: reference === undefined ? 'sweep' : 'name' };
  const right = methods.map(({ runs }) => runs.reduce((sum, run) => sum + countOnes(run.right), 0) / runs.length);
  return { reference: methods[right.indexOf(Math.max(...right))], by: 'best' };
}

const countOnes = (marks: Uint8Array): number => marks.reduce((sum, mark) => sum + mark, 0);

const RULES: readonly PriorRule[] = ['type', 'template', 'question'];

/** The scores of the most frequent answers of train; none if there are no training questions. */
export function priorsOn({ train, questions, columns }: Pick<Page, 'train' | 'questions' | 'columns'>): PriorRow[] {
  if (train.length === 0) return [];
  return RULES.map((rule) => {
    const prior = fitPrior(train, rule);
    const right = Uint8Array.from(markCorrect(prior.predictAll(questions), questions));
    return { name: prior.name, figures: accuracyByColumn(right, columns) };
  });
}
