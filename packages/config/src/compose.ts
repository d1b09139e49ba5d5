import { join } from 'node:path';
import { dirname } from 'node:path/posix';
import { ConfigError } from './config-error';
import { splitDefaults, type DefaultsEntry } from './defaults';
import { experimentFile, isGroup, isName, optionFile } from './experiment-files';
import { isMap, merge, nest, nodeAt, plainValue, type ConfigNode, type ConfigPath } from './node';
import { applyOverride, parseOverride, type Override } from './overrides';
import { resolveReferences } from './resolve';
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
  /** Where the value at a path was written: `experiments/tass.yaml:7:3`, or `override seed=3`; of the nearest key above it when it is not there. */
  sourceOf(path: ConfigPath): string;
}

export interface ComposedExperiment extends ComposedConfig {
  readonly name: string;
  readonly overrides: readonly string[];
  readonly written: ConfigNode; // the tree with its references as they were written
}

interface Choice {
  readonly option: string;
  readonly source: string;
}

/**
 * Reads `name`, what its `defaults` list names, and the overrides, in that order, the later over the earlier. Maps are merged, lists and
 * scalars are replaced. A file's own keys stand where `_self_` is in its list, else last. An option `group/option` is merged below the key
 * `group`, an experiment `/name` at the root. `override /group: option` replaces an option chosen further down; the command line's
 * `group=option` does so for all. References are replaced at last, `${a.b}` by what stands at a.b; those that cannot be wait for `checkConfig`.
 * Throws ConfigError, before anything is written.
 */
export function composeExperiment({ root, name, overrides = [], environment }: ComposeRequest): ComposedExperiment {
  const words = overrides.map(parseOverride);
  const choosing = words.filter((word) => choosesOption(root, word));
  const composition = new Composition(root);
  for (const { action, key, text, source } of choosing.toReversed())
    if (action !== 'add') composition.demand(key, { option: text, source });

  let tree = composition.experiment(name, 'config', []);
  for (const { action, key, text, source } of choosing) if (action === 'add') tree = merge(tree, composition.option(key, text, source, []));
  composition.refuseUnused();
  for (const word of words) if (!choosing.includes(word)) tree = applyOverride(tree, word);

  return { name, overrides, written: tree, ...composedOf(resolveReferences(tree, environment)) };
}

/** A whole configuration from one file, as a run folder keeps it, with `key=value` overrides; without references. Throws ConfigError. */
export function readConfig(file: string, overrides: readonly string[] = []): ComposedConfig {
  const referring = overrides.filter((word) => word.includes('${'));
  if (referring.length > 0)
    throw new ConfigError(referring.map((word) => `override ${word}: a finished configuration has no references. Write the value`));
  const tree = readYaml(file);
  if (!isMap(tree)) throw new ConfigError([`${tree.source}: the file must be a map of keys`]);
  return composedOf(overrides.map(parseOverride).reduce(applyOverride, tree));
}

function composedOf(tree: ConfigNode): ComposedConfig {
  const sourceOf = (path: ConfigPath): string => nodeAt(tree, path)?.source ?? sourceOf(path.slice(0, -1));
  return { config: plainValue(tree) as Record<string, unknown>, tree, sourceOf };
}

const choosesOption = (root: string, { action, key, text }: Override): boolean => action !== 'delete' && isGroup(root, key) && isName(text);

/** One pass over the files of an experiment. */
class Composition {
  private readonly demanded = new Map<string, Choice>(); // by group; the outermost demand counts
  private readonly chosen = new Map<string, Choice>();

  constructor(private readonly root: string) {}

  demand(group: string, choice: Choice): void {
    if (!this.demanded.has(group)) this.demanded.set(group, choice);
  }

  experiment(name: string, source: string, above: readonly string[]): ConfigNode {
    return this.file(experimentFile(this.root, name, source), name, null, source, above);
  }

  option(group: string, option: string, source: string, above: readonly string[]): ConfigNode {
    const former = this.chosen.get(group);
    if (former) {
      const instead = `To replace it write "override /${group}: ${option}" in defaults, or ${group}=${option} on the command line`;
      throw new ConfigError([`${source}: ${group} is already chosen: ${former.option} (${former.source}). ${instead}`]);
    }
    const choice = this.demanded.get(group) ?? { option, source };
    this.chosen.set(group, choice);
    return this.optionFile(group, choice.option, choice.source, above);
  }

  refuseUnused(): void {
    const unused = [...this.demanded].filter(([group]) => !this.chosen.has(group));
    if (unused.length === 0) return;
    const message = (group: string, { option, source }: Choice) =>
      `${source}: no defaults list chooses a ${group}. To add one write +${group}=${option}`;
    throw new ConfigError(unused.map(([group, choice]) => message(group, choice)));
  }

  private optionFile(group: string, option: string, source: string, above: readonly string[]): ConfigNode {
    return this.file(optionFile(this.root, group, option, source), `${group}/${option}`, group, source, above);
  }

  /** The file with its defaults, as a tree from the root. `group` is null for an experiment; `above` are the files that led here. */
  private file(file: string, name: string, group: string | null, source: string, above: readonly string[]): ConfigNode {
    if (above.includes(name)) throw new ConfigError([`${source}: ${[...above, name].join(' -> ')} goes in a circle`]);
    const { entries, body } = splitDefaults(readYaml(file), group);
    for (const entry of entries) if (entry.kind === 'override') this.demand(entry.group, entry);
    const parts = entries.filter(({ kind }) => kind !== 'override').map((entry) => this.entry(entry, name, group, body, [...above, name]));
    return { ...parts.reduce(merge), source: body.source };
  }

  private entry(entry: DefaultsEntry, name: string, group: string | null, body: ConfigNode, above: readonly string[]): ConfigNode {
    switch (entry.kind) {
      case 'experiment':
        return this.experiment(entry.name, entry.source, above);
      case 'sibling':
        if (group !== null) return this.optionFile(group, entry.name, entry.source, above);
        return this.experiment(join(dirname(name), entry.name), entry.source, above);
      case 'option':
        return this.option(entry.group, entry.option, entry.source, above);
      default:
        return group === null ? body : nest(group.split('/'), body);
    }
  }
}
