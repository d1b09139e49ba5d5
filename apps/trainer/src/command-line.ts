import { readOptions, shellWord, UsageError } from '@tass/program';

/** A request to `trainer:train`. */
export interface TrainCommand {
  readonly experiment: string | undefined; // --exp=NAME
  readonly resume: string | true | undefined; // --resume: the newest unfinished run of the experiment; --resume=RUN: that run
  readonly show: Show | undefined;
  readonly overrides: readonly string[]; // key=value, +key=value, ~key
}

/** Prints instead of training: the configuration as written, the same with references resolved, or the source of each value. */
type Show = 'cfg' | 'resolved' | 'defaults';

/** A request to `trainer:sweep`. */
export interface SweepCommand {
  readonly experiment: string | undefined;
  readonly overrides: readonly string[]; // may have several values: key=a,b, key=range(1,4); also launcher=...
  readonly resume: string | true | undefined;
  readonly status: string | true | undefined;
  readonly dryRun: boolean;
  readonly failFast: boolean;
  readonly retry: number;
  readonly only: readonly string[]; // key=value
}

/** True if `trainer:train` should run a sweep: `-m`, `--multirun`. */
export const isMultirun = (words: readonly string[]): boolean => words.some((word) => word === '-m' || word === '--multirun');

/** Reads the words after `train`. Throws UsageError. */
export function parseTrain(words: readonly string[]): TrainCommand {
  const known = { exp: 'value', resume: 'optional', cfg: 'flag', resolve: 'flag', info: 'value', multirun: 'flag' } as const;
  const { options, rest } = readOptions(joinInfo(words), known, aliases);
  const { exp: experiment, resume } = options;
  if (experiment === undefined && typeof resume !== 'string') throw unnamed();
  const ofLauncher = rest.filter((word) => /^\+{0,2}launcher[.=]/.test(word));
  if (ofLauncher.length > 0) throw unlaunched(ofLauncher, experiment);
  if (resume !== undefined && rest.length > 0) throw unchangeable(rest);
  return { experiment, resume, show: shown(options), overrides: rest };
}

/** Reads the words after `sweep`, or those after `train` with `-m`. Throws UsageError. */
export function parseSweep(words: readonly string[]): SweepCommand {
  const run = { exp: 'value', resume: 'optional', retry: 'value', 'fail-fast': 'flag', jobs: 'value', multirun: 'flag' } as const;
  const known = { ...run, 'dry-run': 'flag', status: 'optional', only: 'list' } as const;
  const { options, rest } = readOptions(words, known, aliases);
  const { exp: experiment, resume, status, only } = options;
  const overrides = [...rest, ...(options.jobs === undefined ? [] : [`launcher.jobs=${wholeNumber('jobs', options.jobs, 1)}`])];
  const retry = options.retry === undefined ? 0 : wholeNumber('retry', options.retry, 0);
  if (experiment === undefined && typeof resume !== 'string' && status === undefined) throw unnamed();
  const wrong = only.filter((word) => !/^[^=]+=/.test(word));
  if (wrong.length > 0) throw new UsageError(`--only=${wrong[0]}, expected --only=KEY=VALUE, as in --only=seed=1`);
  return { experiment, overrides, resume, status, only, retry, dryRun: options['dry-run'], failFast: options['fail-fast'] };
}

const aliases = { '-m': 'multirun' } as const;

/** Accepts Hydra's `--info defaults` in addition to `--info=defaults`, and `--cfg job`. */
function joinInfo(words: readonly string[]): string[] {
  const joined = words.flatMap((word, at) => {
    if (word === '--info' && words[at + 1] === 'defaults') return ['--info=defaults'];
    const follows = (option: string, value: string): boolean => word === value && words[at - 1] === option;
    return follows('--info', 'defaults') || follows('--cfg', 'job') ? [] : [word];
  });
  return joined;
}

function shown({ cfg, resolve, info }: { cfg: boolean; resolve: boolean; info: string | undefined }): Show | undefined {
  if (info !== undefined && info !== 'defaults') throw new UsageError(`--info=${info}, expected --info=defaults`);
  if (info !== undefined) return 'defaults';
  if (resolve && !cfg) throw new UsageError('--resolve needs --cfg: --cfg --resolve');
  return cfg ? (resolve ? 'resolved' : 'cfg') : undefined;
}

function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least) throw new UsageError(`--${name}=${text}, expected a whole number of at least ${least}`);
  return value;
}

const unnamed = (): UsageError => new UsageError('no experiment is named. Write --exp=NAME, for example --exp=quickstart');

function unlaunched(words: readonly string[], experiment: string = 'NAME'): UsageError {
  const given = words.map(shellWord).join(' ');
  return new UsageError(
    `${given}: train without -m runs in this process, without a launcher. To use a launcher, run a sweep, even of one cell: ` +
      `npx nx run trainer:sweep ${shellWord(`--exp=${experiment}`)} ${given} (or add -m)`,
  );
}

const unchangeable = (overrides: readonly string[]): UsageError =>
  new UsageError(
    `${overrides.join(' ')} cannot be changed with --resume: a run keeps its configuration. Start a new run, or leave them out`,
  );
