import { existsSync } from 'node:fs';
import type { ProjectSettings } from '@tass/config';
import { PredictionError, readAnswers } from '@tass/evaluation';
import { readTestFile, runFiles, testsByName, withoutSeen, type TestOf } from '@tass/experiment';
import type { TestSet } from '@tass/leaderboard';
import { pathFrom, shellWord } from '@tass/program';
import type { Collected } from './collect';
import { ComparisonError } from './comparison-error';
import { leftOutBy, type LeftOut } from './left-out';
import type { ScoredEntry } from './methods';
import { aboutFurther, markAnswers } from './page';
import type { AskedTest, RunsRequest } from './request';
import { testSets, type AnsweredTest, type OfBoard } from './test-sets';

/** What of a leaderboard is about the tests of other benchmarks. */
export interface OtherTests {
  readonly tests: readonly TestSet[]; // in the order asked for; of R three: whole, head and tail
  readonly leftOut: readonly LeftOut[]; // runs that have not answered a test
  readonly remarks: readonly string[]; // on the files that were read
}

/** The tests of other benchmarks on which any of these runs has predictions, with the number of these runs. */
export function answeredTests({ methods }: Pick<Collected, 'methods'>): { readonly name: string; readonly runs: number }[] {
  const runs = runsOf(methods);
  const counts = [...testsByName.keys()].map((name) => ({ name, runs: runs.filter((run) => existsSync(predictionsOf(run, name))).length }));
  return counts.filter((test) => test.runs > 0);
}

/**
 * The page's methods on the tests of other benchmarks, by the predictions that `evaluator:evaluate` wrote into their run folders. Questions that
 * the runs were trained or chosen on are left out, as in these predictions. A method counts with the seeds that have answered. Of runs asked for
 * by name damaged predictions are an error; others are left out.
 * Throws ComparisonError for a test that no run has answered, and for the page's own; AnnotationError; PredictionError.
 */
export function compareOnTests(
  collected: Collected,
  asked: readonly AskedTest[],
  request: Pick<RunsRequest, 'named' | 'root'>,
  board: OfBoard,
  settings: ProjectSettings,
): OtherTests {
  const { page, methods } = collected;
  const leftOut: LeftOut[] = [];
  const remarks: string[] = [];
  const tests = asked.flatMap(({ name, root }) => {
    const runs = answering(runsOf(methods), name, leftOut);
    const folder = root ?? request.root;
    const file = readTestFile(folder === undefined ? settings.data : pathFrom(settings.root, folder, 'the folder of a test'), testOf(name));
    if (file.sha256 === page.digest)
      throw new ComparisonError(`${name} is the test of this page, whose figures are in the main table. Leave it out of --tests`);
    const { questions, furtherTest, remark } = withoutSeen(file, page.seen);
    if (questions.length === 0) throw new ComparisonError(`${file.place}: the runs were trained or chosen on all of its questions`);
    remarks.push(...[remark, ...file.remarks].map((line) => line.replace(/^test: /, `${name}: `)));
    const marks = new Map<ScoredEntry, Uint8Array>();
    for (const run of runs) {
      try {
        marks.set(run, markAnswers(readAnswers(predictionsOf(run, name), questions), questions));
      } catch (error) {
        if (request.named || !(error instanceof PredictionError)) throw error;
        leftOut.push(leftOutBy(error, run.record.folder, run.row.id, name));
      }
    }
    const answered: AnsweredTest = {
      ...aboutFurther(furtherTest, file),
      id: name,
      digest: file.sha256,
      questions,
      train: page.train,
      marks,
    };
    return testSets(answered, methods, board);
  });
  return { tests, leftOut, remarks };
}

/** The runs with predictions on a test; others are added to `leftOut`. */
function answering(runs: readonly ScoredEntry[], name: string, leftOut: LeftOut[]): ScoredEntry[] {
  const makeThem = ({ record }: ScoredEntry): string =>
    `npx nx run evaluator:evaluate ${shellWord(`--run=${record.manifest.id}`)} ${wordsOf(testOf(name))}`;
  const found = runs.filter((run) => existsSync(predictionsOf(run, name)));
  if (found.length === 0) throw new ComparisonError(`no run here has predictions on ${name}. Make them: ${makeThem(runs[0])}`);
  const others = runs.filter((run) => !found.includes(run));
  leftOut.push(...others.map((run) => ({ run: run.row.id, reason: `no predictions on ${name}. Make them: ${makeThem(run)}` })));
  return found;
}

const runsOf = (methods: Collected['methods']): ScoredEntry[] => methods.flatMap(({ runs }) => runs);
const predictionsOf = ({ record }: ScoredEntry, test: string): string => runFiles.otherPredictions(record.folder, test);
const wordsOf = (test: TestOf): string =>
  test.kind === 'music-avqa-v2' ? `dataset=${test.kind} dataset.version=${test.version}` : `dataset=${test.kind}`;

function testOf(name: string): TestOf {
  const test = testsByName.get(name);
  if (test === undefined) throw new ComparisonError(`there is no test ${name}, expected one of ${[...testsByName.keys()].join(', ')}`);
  return test;
}
