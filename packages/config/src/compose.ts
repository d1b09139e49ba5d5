import { Composition, type ComposedFile, type DefaultsFile } from './composition';
import { ConfigError } from './config-error';
import { isGroup, isName } from './experiment-files';
import { mergeFiles } from './merge-files';
import { isMap, nodeAt, plainValue, type ConfigNode, type ConfigPath } from './node';
import { applyOverride, parseOverrides, type Override } from './overrides';
import { resolveReferences } from './resolve';
import { shortened } from './value-text';
import { readYaml } from './yaml';

export interface ComposeRequest {
  readonly root: string; // the experiments folder
  readonly name: string; // `quickstart`, `ablations/cms`
  readonly overrides?: readonly string[]; // words of the command line
  readonly environment?: NodeJS.ProcessEnv; // that `${oc.env:NAME}` reads
}

/** A configuration put together from its files and the command line, not yet checked. */
export interface ComposedConfig {
  readonly config: Readonly<Record<string, unknown>>;
  readonly tree: ConfigNode; // the same values, each with its source
  /** Where the value at a path was written: `experiments/tass.yaml:7:3`, or `override seed=3`; of the nearest key above it if it does not exist. */
  sourceOf(path: ConfigPath): string;
}

export interface ComposedExperiment extends ComposedConfig {
  readonly name: string;
  readonly overrides: readonly string[];
  readonly written: ConfigNode; // the tree with its references as they were written
  readonly defaults: readonly DefaultsFile[]; // the experiment's file, then options that the command line adds
}

/**
 * Reads `name`, what its `defaults` list names, and the overrides, in that order, the later over the earlier. Maps are merged, lists and
 * scalars are replaced. A file's own keys come where `_self_` is in its list, else last. An option `group/option` is merged below the key
 * `group`, or that of its line `# @package key`; an experiment `/name` at the root. `override /group: option` replaces an option chosen before
 * or further down; the command line's `group=option` does so for all. References are replaced last, `${a.b}` by the value of a.b; those
 * that cannot be wait for `checkConfig`. Throws ConfigError, before anything is written.
 */
export function composeExperiment({ root, name, overrides = [], environment }: ComposeRequest): ComposedExperiment {
  const words = parseOverrides(overrides);
  const choosing = words.filter((word) => choosesOption(root, word));
  const composition = new Composition(root);
  for (const word of choosing.toReversed()) if (word.action !== 'add') composition.demand(word.key, chosenBy(word));

  const adding = choosing.filter(({ action }) => action === 'add').toReversed();
  let added: readonly ComposedFile[] = []; // as if they were at the end of the experiment's list
  const experiment = composition.experiment(name, `--exp=${shortened(name)}`, [], () => {
    added = adding.map((word) => composition.option(word.key, chosenBy(word), [])).toReversed();
  });
  composition.refuseUnused();
  const files = [experiment, ...added];
  const composed = {
    ...mergeFiles(
      files.flatMap(({ maps }) => maps),
      environment,
    ),
    source: experiment.source,
  };
  const isNone = ({ action, key }: Override): boolean =>
    action === 'delete' && composition.choiceOf(key)?.option === null && nodeAt(composed, [key]) === undefined;
  const rest = words.filter((word) => !choosing.includes(word) && !isNone(word)).map((word) => deletingOption(word, composition));
  const written = rest.reduce(applyOverride, composed);
  const defaults = files.map((file) => file.defaults);
  return { name, overrides, written, defaults, ...composedOf(resolveReferences(written, environment)) };
}

const chosenBy = ({ text, source }: Override) => ({ option: unquotedName(text), source });

/** `~model=tass` names an option, if one is chosen. */
function deletingOption(word: Override, composition: Composition): Override {
  const choice = word.action === 'delete' && !word.isAnyValue ? composition.choiceOf(word.key) : undefined;
  if (!choice) return word;
  if (choice.option !== null && choice.option === word.text) return { ...word, isAnyValue: true };
  throw new ConfigError([
    `${word.source}: ${word.key} is ${choice.option} (${choice.source}), not ${word.text}. To delete it write ~${word.key}`,
  ]);
}

/** A whole configuration from one file, as a run folder keeps it, with `key=value` overrides; without references. Throws ConfigError. */
export function readConfig(file: string, overrides: readonly string[] = []): ComposedConfig {
  const referring = overrides.filter((word) => word.includes('${'));
  if (referring.length > 0)
    throw new ConfigError(referring.map((word) => `override ${word}: a finished configuration has no references. Write the value`));
  const tree = readYaml(file);
  if (!isMap(tree)) throw new ConfigError([`${tree.source}: the file must be a map of keys`]);
  return composedOf(parseOverrides(overrides).reduce(applyOverride, tree));
}

/** A tree with its plain values. */
export function composedOf(tree: ConfigNode): ComposedConfig {
  const sourceOf = (path: ConfigPath): string => nodeAt(tree, path)?.source ?? sourceOf(path.slice(0, -1));
  return { config: plainValue(tree) as Record<string, unknown>, tree, sourceOf };
}

const choosesOption = (root: string, { action, key, text }: Override): boolean =>
  action !== 'delete' && isGroup(root, key) && isName(unquotedName(text));

/** An option's name may be quoted: "3-layers". */
const unquotedName = (text: string): string => text.replace(/^(["'])(.*)\1$/, '$2');
