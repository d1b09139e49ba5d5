import { basename } from 'node:path';
import { DIGITS, type Digits } from '@tass/evaluation';
import { testsByName, type OtherTest, type TestOf } from '@tass/experiment';
import { didYouMean, expandHome, readOptions, type Options, UsageError } from '@tass/program';
import type { AskedTest, ForeignMethod, ForeignReading, RunsRequest } from '@tass/run-comparison';
import { namedRun, refuseSettings } from './named-run';
import { benchmarkOf, otherTest, rootOf, TEST_SETTINGS } from './test-settings';

/** A request to `evaluator:evaluate`. */
export interface EvaluateCommand {
  readonly run: string; // id, beginning or end of an id, or folder
  readonly split: 'val' | 'test';
  readonly overrides: readonly string[]; // of the engine only, such as engine.backend=cpu
  readonly other: OtherTest | undefined; // undefined: the test split of the run's own benchmark
  readonly use: boolean; // measure how much the answers depend on the grounding
}

/** A request to `evaluator:leaderboard`. */
export interface LeaderboardCommand {
  readonly runs: RunsRequest;
  readonly predictions: readonly ForeignMethod[];
  readonly reference: string | undefined;
  readonly resamples: number;
  readonly tests: readonly AskedTest[] | 'all'; // of other benchmarks; all: those on which runs have predictions
  readonly published: boolean; // all published rows, also those on other questions
  readonly fromMlflow: string | undefined; // MLflow experiment whose runs are downloaded; undefined: the runs of this project's folder
  readonly out: string | undefined;
  readonly title: string | undefined;
}

/** A request to `evaluator:score`. */
export interface ScoreCommand {
  readonly predictions: ForeignMethod;
  readonly split: 'val' | 'test';
  readonly benchmark: TestOf;
  readonly trainedOn: readonly string[] | undefined; // annotation files; undefined: those of the benchmark
  readonly root: string | undefined; // of the questions; undefined: the project's data folder
}

/** Reads the words after `evaluate`. Throws UsageError. */
export function parseEvaluate(words: readonly string[]): EvaluateCommand {
  const { options, rest } = readOptions(words, { run: 'value', split: 'value', use: 'flag' });
  const { use } = options;
  const run = namedRun(options.run);
  const ofTest = rest.filter((word) => TEST_SETTINGS.some((name) => word.startsWith(`${name}=`)));
  const overrides = rest.filter((word) => !ofTest.includes(word));
  const foreign = overrides.filter((override) => !override.startsWith('engine.'));
  refuseSettings(foreign, 'is scored', `, and another test by ${TEST_SETTINGS.join(', ')}`);
  const split = splitOf(options.split);
  return { run, split, overrides, other: otherTest(ofTest, split), use };
}

/** Options for reading predictions of another program. */
const READING_OPTIONS = { answers: 'list', 'prediction-key': 'list', 'id-key': 'list', digits: 'list' } as const;
type ReadingOption = keyof typeof READING_OPTIONS;
const READING_NAMES = Object.keys(READING_OPTIONS) as ReadingOption[];

// prettier-ignore
const LEADERBOARD_OPTIONS = {
  exp: 'value', sweep: 'value', runs: 'value', predictions: 'list', split: 'value', questions: 'value',
  reference: 'value', resamples: 'value', tests: 'value', published: 'flag', from: 'value', out: 'path', title: 'value', ...READING_OPTIONS,
} as const;

/** Reads the words after `leaderboard`. Throws UsageError. */
export function parseLeaderboard(words: readonly string[]): LeaderboardCommand {
  const { options, rest } = readOptions(words, LEADERBOARD_OPTIONS);
  const { exp, sweep, runs, questions, reference, published, out, title } = options;
  const selections = (['exp', 'sweep', 'runs'] as const).filter((name) => options[name] !== undefined);
  if (selections.length > 1)
    throw new UsageError(`${selections.map((name) => `--${name}`).join(' and ')} exclude each other, expected one of them`);
  const fromMlflow = mlflowExperiment(options);
  return {
    runs: {
      experiments: fromMlflow === undefined ? listOf(exp) : undefined,
      sweep,
      named: listOf(runs),
      split: splitOf(options.split),
      questions,
      root: rootOf(rest),
    },
    predictions: foreignMethods(options),
    tests: testsIn(options.tests, splitOf(options.split)),
    resamples: resamplesOf(options.resamples),
    ...{ reference, published, fromMlflow, out, title },
  };
}

/** `all`, or a list of NAME or NAME=FOLDER. */
function testsIn(text: string | undefined, split: 'val' | 'test'): LeaderboardCommand['tests'] {
  if (text === undefined) return [];
  if (split === 'val') throw new UsageError('--tests is for --split=test');
  if (text === 'all') return text;
  const known = [...testsByName.keys()];
  return (listOf(text) ?? []).map((word) => {
    const [name, ...folder] = word.split('=');
    if (!testsByName.has(name))
      throw new UsageError(`--tests has ${name}, expected all, or some of ${known.join(', ')}.${didYouMean(name, known)}`);
    return { name, root: folder.length === 0 ? undefined : expandHome(folder.join('='), '--tests') };
  });
}

function mlflowExperiment({ from, exp }: { readonly from: string | undefined; readonly exp: string | undefined }): string | undefined {
  if (from === undefined || from === 'runs') return undefined;
  if (from !== 'mlflow') throw new UsageError(`--from is ${from}, expected mlflow or runs`);
  if (exp !== undefined && !exp.includes(',')) return exp;
  throw new UsageError('--from=mlflow takes one MLflow experiment. Write --exp=NAME, for a sweep the name of its grid');
}

/** Reads the words after `score`. Throws UsageError. */
export function parseScore(words: readonly string[]): ScoreCommand {
  const known = { predictions: 'path', name: 'value', split: 'value', 'trained-on': 'value', ...READING_OPTIONS } as const;
  const { options, rest } = readOptions(words, known);
  const { predictions: file, name } = options;
  if (file === undefined) throw new UsageError('no predictions are named. Write --predictions=FILE (JSON, JSON lines or CSV)');
  const reading = readingOf((option) => onlyOne(option, options[option]));
  const { benchmark, root } = benchmarkOf(rest);
  const [split, trainedOn] = [splitOf(options.split), listOf(options['trained-on'])?.map((one) => expandHome(one, '--trained-on'))];
  if (split === 'val' && (benchmark.kind !== 'music-avqa' || trainedOn))
    throw new UsageError('--split=val is for dataset=music-avqa without --trained-on, expected --split=test');
  return { predictions: { name: name ?? basename(file), file, reading }, split, benchmark, trainedOn, root };
}

export const listOf = (text: string | undefined): string[] | undefined =>
  text?.split(',').map((one) => one.trim()).filter((one) => one !== ''); // prettier-ignore

export function splitOf(split = 'test'): 'val' | 'test' {
  if (split !== 'val' && split !== 'test') throw new UsageError(`--split is ${split}, expected val or test`);
  return split;
}

/** A resample takes about 13 kB for 200 methods with the same seeds. */
const MOST_RESAMPLES = 100_000;

function resamplesOf(text = '2000'): number {
  const resamples = Number(text);
  if (/^\d+$/.test(text) && resamples >= 100 && resamples <= MOST_RESAMPLES) return resamples;
  throw new UsageError(`--resamples is ${text}, expected a whole number from 100 to ${MOST_RESAMPLES}`);
}

/** A reading option applies to all files or, with NAME= before its value, to the file of that name. */
function foreignMethods(options: Options<typeof LEADERBOARD_OPTIONS>): ForeignMethod[] {
  const methods = options.predictions.map(foreignMethod);
  const unused = READING_NAMES.find((option) => methods.length === 0 && options[option].length > 0);
  if (unused !== undefined) throw new UsageError(`--${unused} applies to --predictions=NAME=FILE, which is missing`);
  const names = methods.map(({ name }) => name);
  const nameIn = (text: string): string | undefined => names.find((name) => text.startsWith(`${name}=`));
  return methods.map(({ name, file }) => {
    const valueOf = (option: ReadingOption): string | undefined => {
      const texts = options[option];
      const own = onlyOne(option, texts.filter((text) => nameIn(text) === name)); // prettier-ignore
      return own?.slice(name.length + 1) ?? onlyOne(option, texts.filter((text) => nameIn(text) === undefined)); // prettier-ignore
    };
    return { name, file, reading: readingOf(valueOf) };
  });
}

function foreignMethod(text: string): Pick<ForeignMethod, 'name' | 'file'> {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) throw new UsageError(`--predictions=${text} names no file, expected --predictions=NAME=FILE`);
  return { name: text.slice(0, at), file: expandHome(text.slice(at + 1), '--predictions') };
}

function readingOf(valueOf: (option: ReadingOption) => string | undefined): ForeignReading {
  const digits = valueOf('digits');
  if (digits !== undefined && !DIGITS.includes(digits as Digits))
    throw new UsageError(`--digits is ${digits}, expected ${DIGITS.join(', ')}`);
  const answers = valueOf('answers');
  return {
    answers: answers === undefined ? undefined : expandHome(answers, '--answers'),
    ...{ predictionKey: valueOf('prediction-key'), idKey: valueOf('id-key') },
    digits: digits as Digits | undefined,
  };
}

function onlyOne(option: string, values: readonly string[]): string | undefined {
  if (values.length > 1) throw new UsageError(`--${option} is given more than once, expected one`);
  return values[0];
}
