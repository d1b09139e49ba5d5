import { readOptions, UsageError, type Options } from '@tass/config';
import type { ForeignMethod, RunsRequest } from './leaderboard/request';

/** What `evaluator:evaluate` was asked to do. */
export interface EvaluateCommand {
  readonly run: string; // id, beginning or end of an id, or folder
  readonly split: 'val' | 'test';
  readonly overrides: readonly string[]; // of the engine only, such as engine.backend=cpu
}

/** What `evaluator:compare` was asked to do: two methods, each by its runs of several seeds. */
export interface CompareCommand {
  readonly runs: readonly string[];
  readonly with: readonly string[];
}

/** What `evaluator:leaderboard` was asked to do. */
export interface LeaderboardCommand {
  readonly runs: RunsRequest;
  readonly predictions: readonly ForeignMethod[];
  readonly answers: string | undefined; // file with the order of answers that indices in those predictions stand for
  readonly reference: string | undefined;
  readonly resamples: number;
  readonly published: boolean; // also where the questions are not those of the published tables
  readonly fromMlflow: string | undefined; // MLflow experiment whose runs are downloaded; undefined: the runs of this project's folder
  readonly out: string | undefined;
  readonly title: string | undefined;
}

/** What `evaluator:score` was asked to do. */
export interface ScoreCommand {
  readonly predictions: string;
  readonly name: string | undefined;
  readonly answers: string | undefined;
  readonly split: 'val' | 'test';
  readonly root: string | undefined; // of the questions; undefined: the project's data folder
}

/** Reads the words after `evaluate`. Throws UsageError. */
export function parseEvaluate(words: readonly string[]): EvaluateCommand | 'help' {
  const { options, rest: overrides } = readOptions('evaluator', words, { run: 'value', split: 'value', help: 'flag' });
  if (asksForHelp(options, overrides)) return 'help';
  const { run } = options;
  if (run === undefined)
    throw new UsageError('evaluator: no run is named. Write --run=RUN; the trainer prints its run folder, the folder runs/ holds them all');
  const foreign = overrides.filter((override) => !override.startsWith('engine.'));
  if (foreign.length > 0)
    throw new UsageError(
      `evaluator: ${foreign.join(' ')} cannot be changed, a run is scored as it was trained; only engine.backend, engine.device, engine.threads and engine.compile can`,
    );
  return { run, split: splitOf(options.split), overrides };
}

/** Reads the words after `compare`. Throws UsageError. */
export function parseCompare(words: readonly string[]): CompareCommand | 'help' {
  const { options, rest } = readOptions('evaluator', words, { runs: 'value', with: 'value', help: 'flag' });
  if (asksForHelp(options, rest)) return 'help';
  refuseSettings(rest);
  for (const name of ['runs', 'with'] as const)
    if (options[name] === undefined)
      throw new UsageError(`evaluator: --${name} is missing, expected the runs of a method, such as --${name}=4f2a9c,b81e07`);
  return { runs: listOf(options.runs) ?? [], with: listOf(options.with) ?? [] };
}

// prettier-ignore
const LEADERBOARD_OPTIONS = {
  exp: 'value', sweep: 'value', runs: 'value', predictions: 'list', answers: 'value', split: 'value', data: 'value',
  reference: 'value', resamples: 'value', published: 'flag', from: 'value', out: 'value', title: 'value', help: 'flag',
} as const;

/** Reads the words after `leaderboard`. Throws UsageError. */
export function parseLeaderboard(words: readonly string[]): LeaderboardCommand | 'help' {
  const { options, rest } = readOptions('evaluator', words, LEADERBOARD_OPTIONS);
  if (asksForHelp(options, rest)) return 'help';
  const { exp, sweep, runs, data, reference, published, out, title, answers } = options;
  const selections = (['exp', 'sweep', 'runs'] as const).filter((name) => options[name] !== undefined);
  if (selections.length > 1)
    throw new UsageError(`evaluator: ${selections.map((name) => `--${name}`).join(' and ')} cannot stand together, expected one of them`);
  const fromMlflow = mlflowExperiment(options);
  return {
    runs: {
      experiments: fromMlflow === undefined ? listOf(exp) : undefined,
      sweep,
      named: listOf(runs),
      split: splitOf(options.split),
      data,
      root: rootOf(rest),
    },
    predictions: options.predictions.map(foreignMethod),
    resamples: resamplesOf(options.resamples),
    ...{ answers, reference, published, fromMlflow, out, title },
  };
}

function mlflowExperiment({ from, exp }: { readonly from: string | undefined; readonly exp: string | undefined }): string | undefined {
  if (from === undefined || from === 'runs') return undefined;
  if (from !== 'mlflow') throw new UsageError(`evaluator: --from is ${from}, expected mlflow or runs`);
  if (exp !== undefined && !exp.includes(',')) return exp;
  throw new UsageError('evaluator: --from=mlflow takes one MLflow experiment. Write --exp=NAME, for a sweep the name of its grid');
}

/** Reads the words after `score`. Throws UsageError. */
export function parseScore(words: readonly string[]): ScoreCommand | 'help' {
  const known = { predictions: 'value', name: 'value', answers: 'value', split: 'value', help: 'flag' } as const;
  const { options, rest } = readOptions('evaluator', words, known);
  if (asksForHelp(options, rest)) return 'help';
  const { predictions, name, answers, split } = options;
  if (predictions === undefined)
    throw new UsageError('evaluator: no predictions are named. Write --predictions=FILE (JSON, JSON lines or CSV)');
  return { predictions, name, answers, split: splitOf(split), root: rootOf(rest) };
}

const asksForHelp = ({ help }: Pick<Options<{ help: 'flag' }>, 'help'>, rest: readonly string[]): boolean => help || rest.includes('help');

const listOf = (text: string | undefined): string[] | undefined =>
  text?.split(',').map((one) => one.trim()).filter((one) => one !== ''); // prettier-ignore

function splitOf(split = 'test'): 'val' | 'test' {
  if (split !== 'val' && split !== 'test') throw new UsageError(`evaluator: --split is ${split}, expected val or test`);
  return split;
}

/** Each takes some 13 kB for 200 methods with the same seeds. */
const MOST_RESAMPLES = 100_000;

function resamplesOf(text = '2000'): number {
  const resamples = Number(text);
  if (/^\d+$/.test(text) && resamples >= 100 && resamples <= MOST_RESAMPLES) return resamples;
  throw new UsageError(`evaluator: --resamples is ${text}, expected a whole number from 100 to ${MOST_RESAMPLES}`);
}

function foreignMethod(text: string): ForeignMethod {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1)
    throw new UsageError(`evaluator: --predictions=${text} names no file, expected --predictions=NAME=FILE`);
  return { name: text.slice(0, at), file: text.slice(at + 1) };
}

/** The one setting that can be given where no run is computed. */
function rootOf(rest: readonly string[]): string | undefined {
  const root = rest.filter((word) => word.startsWith('dataset.root='));
  refuseSettings(rest.filter((word) => !root.includes(word)), 'only dataset.root=FOLDER can be given'); // prettier-ignore
  return root.at(-1)?.slice('dataset.root='.length);
}

function refuseSettings(rest: readonly string[], what = 'expected options only'): void {
  if (rest.length > 0) throw new UsageError(`evaluator: ${rest.join(' ')} is no setting here, ${what}`);
}
