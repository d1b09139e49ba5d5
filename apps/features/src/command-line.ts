import { readOptions, type OptionKind, type Options, UsageError } from '@tass/program';
import { splitLauncherWords } from '@tass/sweep';

/** What is prepared and checked where no experiment is named. */
const usualExperiment = 'tass';

export interface FeaturesCommand<Known extends Readonly<Record<string, OptionKind>>> {
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
  const { options, rest } = readOptions(words, { ...known, exp: 'value' } as const);
  const { exp = usualExperiment } = options as { exp?: string };
  const wrong = rest.filter((word) => !word.includes('=') && !word.startsWith('~'));
  if (wrong.length > 0) throw new UsageError(`${wrong.join(' ')} is no setting, expected key=value, as in dataset.root=FOLDER`);
  const { ofLauncher, others } = splitLauncherWords(rest);
  return {
    experiment: exp,
    overrides: others,
    launcherWords: ofLauncher,
    options: options as Options<Known>,
  };
}
