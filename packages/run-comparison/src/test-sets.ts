import type { Question } from '@tass/dataset-music-avqa';
import { scoreColumns, type ScoreColumns } from '@tass/evaluation';
import { publishedRows, type Leaderboard, type TestFigures, type TestSet } from '@tass/leaderboard';
import { priorsOn } from './board';
import type { RunMethod, ScoredEntry } from './methods';
import type { Page } from './page';
import { storedStatistics } from './stored-statistics';

/** The test of a benchmark, and what runs answered. */
export interface AnsweredTest extends Pick<Page, 'name' | 'label' | 'publishedOn' | 'digest' | 'questions' | 'train'> {
  readonly id: string;
  readonly marks: ReadonlyMap<ScoredEntry, Uint8Array>; // 1 for a right answer [questions]; no key where a run has not answered
}

/** How the page's statistics were made. */
export interface OfBoard {
  readonly reference: string | null; // id of the method that the others are compared with
  readonly bootstrap: Leaderboard['bootstrap'];
  readonly cache: string; // folder of stored statistics
}

/** Test sets of a benchmark: the whole test, and where its questions are of frequent or rare answers each half. */
export function testSets(test: AnsweredTest, methods: readonly RunMethod[], board: OfBoard): TestSet[] {
  const halves = (['head', 'tail'] as const).filter((half) => test.questions.some(({ frequency }) => frequency === half));
  return [
    testSet(test, methods, board),
    ...halves.map((half) => {
      const answers = half === 'head' ? 'frequent' : 'rare';
      const named = { id: `${test.id}-${half}`, label: `${test.label}, ${half}`, name: `${test.name}: questions with ${answers} answers` };
      return testSet({ ...partOf(test, ({ frequency }) => frequency === half), ...named, publishedOn: null }, methods, board);
    }),
  ];
}

function partOf(test: AnsweredTest, isIn: (question: Question) => boolean): AnsweredTest {
  const marks = [...test.marks].map(([run, right]) => [run, right.filter((_, at) => isIn(test.questions[at]))] as const);
  return { ...test, questions: test.questions.filter(isIn), marks: new Map(marks) };
}

function testSet(
  { id, label, name, digest, publishedOn, marks, ...page }: AnsweredTest,
  methods: readonly RunMethod[],
  board: OfBoard,
): TestSet {
  const { questions } = page;
  const columns = fieldColumns(questions);
  const answered = methods.flatMap((method) => {
    const runs = method.runs.flatMap((run) => (marks.has(run) ? [{ id: run.row.id, seed: run.seed, right: marks.get(run)! }] : []));
    return runs.length === 0 ? [] : [{ id: method.id, runs }];
  });
  const reference = answered.some((method) => method.id === board.reference) ? board.reference : null;
  const statistics = storedStatistics(board.cache, answered, reference, { questions, columns }, board.bootstrap);
  const figures = answered.map(({ id: method, runs }, at): [string, TestFigures] => {
    const { figures: means, runs: ofRuns, against } = statistics[at];
    return [method, { figures: means, runs: Object.fromEntries(runs.map((run, index) => [run.id, ofRuns[index]])), against }];
  });
  return {
    ...{ id, label, name, digest, questions: questions.length, videos: new Set(questions.map(({ videoId }) => videoId)).size },
    columns: columns.columns,
    methods: Object.fromEntries(figures),
    priors: priorsOn({ ...page, columns }),
    published: publishedRows.filter((row) => row.dataset === publishedOn?.dataset && row.questions === publishedOn.questions),
  };
}

/** Without the extra ones: halves are test sets of their own here. */
function fieldColumns(questions: readonly Question[]): ScoreColumns {
  const { columns, members } = scoreColumns(questions, { train: [] });
  return { columns: columns.filter(({ group }) => group !== 'extra'), members };
}
