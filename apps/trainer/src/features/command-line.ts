import { readOptions, UsageError, type OptionKind, type Options } from '@tass/config';

/** What is prepared and checked where no experiment is named. */
const usualExperiment = 'tass';

export interface FeaturesCommand<Known extends Readonly<Record<string, OptionKind>>> {
  readonly help: boolean;
  readonly experiment: string;
  readonly overrides: readonly string[]; // key=value
  readonly launcherWords: readonly string[]; // launcher=..., launcher.key=value
  readonly options: Options<Known>;
}

/** Reads the words after `prepare`, `check`, `import`, `export`. Throws UsageError. */
export function parseFeatures<Known extends Readonly<Record<string, OptionKind>>>(
  words: readonly string[],
  known: Known,
): FeaturesCommand<Known> {
  const isHelp = (word: string): boolean => word === 'help' || word === '--help';
  const isOfLauncher = (word: string): boolean => /^\+{0,2}launcher[.=]/.test(word);
  const given = words.filter((word) => !isHelp(word));
  const { options, rest } = readOptions('encoders', given, { ...known, exp: 'value' } as const, { '--experiment': 'exp' });
  const { exp = usualExperiment } = options as { exp?: string };
  const wrong = rest.filter((word) => !word.includes('=') && !word.startsWith('~'));
  if (wrong.length > 0) throw new UsageError(`encoders: ${wrong.join(' ')} is no setting, expected key=value, as in dataset.root=FOLDER`);
  return {
    help: given.length < words.length,
    experiment: exp,
    overrides: rest.filter((word) => !isOfLauncher(word)),
    launcherWords: rest.filter(isOfLauncher),
    options: options as Options<Known>,
  };
}

/** `from=FOLDER` may be written as well as `--from=FOLDER`, for words that are no settings of an experiment. */
export const asOptions = (words: readonly string[], names: readonly string[]): string[] =>
  words.map((word) => (names.includes(word.split('=')[0]) ? `--${word}` : word));
