import { listExperiments } from '@tass/config';

/** What `trainer:train` was asked to do. */
export interface TrainCommand {
  readonly help: boolean;
  readonly experiment: string | undefined; // --exp=NAME
  readonly resume: string | true | undefined; // --resume: the newest unfinished run of the experiment; --resume=RUN: that run
  readonly show: boolean; // --cfg
  readonly overrides: readonly string[]; // key=value, +key=value, ~key
}

/** A command line that cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const usage = (experiments: string): string => `Trains an experiment and scores it by question type.

  npx nx run trainer:train --exp=NAME [key=value ...]     for example  --exp=quickstart optimizer.learningRate=1e-3 seed=2
  npx nx run trainer:train --exp=NAME --resume            goes on with its newest unfinished run
  npx nx run trainer:train --resume=RUN                   goes on with the run of that id or folder
  npx nx run trainer:train --exp=NAME --cfg               prints the whole configuration and stops

Nx keeps --help for itself; this text is also shown for the word help.
Experiments: ${listExperiments(experiments).join(', ')}`;

/** Reads the words after the program's name. `--experiment` is the long form of `--exp`. Throws UsageError. */
export function parseCommandLine(words: readonly string[]): TrainCommand {
  const options = words.filter((word) => word.startsWith('-'));
  const overrides = words.filter((word) => !word.startsWith('-') && word !== 'help');
  const valueOf = (...names: string[]): string | undefined => {
    const word = options.find((option) => names.some((name) => option.startsWith(`${name}=`)));
    return word?.slice(word.indexOf('=') + 1);
  };
  const known = /^(--exp=.+|--experiment=.+|--resume(=.+)?|--cfg|--help)$/;
  const unknown = options.filter((option) => !known.test(option));
  if (unknown.length > 0)
    throw new UsageError(
      `trainer: ${unknown.join(' ')} is not an option, expected --exp=NAME, --resume, --resume=RUN or --cfg; settings are written key=value`,
    );
  const names = options.map((option) => option.split('=')[0].replace('--experiment', '--exp'));
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice) throw new UsageError(`trainer: ${twice} is given more than once, expected one`);
  const help = words.includes('help') || words.includes('--help');
  const command = {
    help,
    experiment: valueOf('--exp', '--experiment'),
    resume: valueOf('--resume') ?? (options.includes('--resume') ? true : undefined),
    show: options.includes('--cfg'),
    overrides,
  } as const;
  if (help) return command;
  if (command.experiment === undefined && typeof command.resume !== 'string')
    throw new UsageError('trainer: no experiment is named. Write --exp=NAME, for example --exp=quickstart');
  if (command.resume !== undefined && overrides.length > 0)
    throw new UsageError(
      `trainer: ${overrides.join(' ')} cannot be changed on --resume, a run keeps the configuration it began with. Begin a new run, or leave them out`,
    );
  return command;
}
