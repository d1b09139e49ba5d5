import { join } from 'node:path';
import { dirname } from 'node:path/posix';
import { ConfigError } from './config-error';
import { splitDefaults, type DefaultsEntry } from './defaults';
import { experimentFile, hasOption, optionFile } from './experiment-files';
import { mergeFiles, nest, type ConfigNode } from './node';
import { readYaml, shownPath } from './yaml';

export interface Choice {
  readonly option: string;
  readonly source: string;
}

/** A file that an experiment is made of, with those that its own `defaults` list names. */
export interface DefaultsFile {
  readonly name: string; // `quickstart`, `model/tass`
  readonly file: string | undefined; // as messages show it; undefined: optional, and not there
  readonly chosenBy: string; // the place of a line in a list, or `override model=tass`
  readonly insteadOf: Choice | undefined; // what the list itself names
  readonly parts: readonly (DefaultsFile | '_self_')[]; // the later over the earlier
}

/** What a file gives: its values as a tree from the root, and how they came together. */
export interface ComposedFile {
  readonly tree: ConfigNode;
  readonly defaults: DefaultsFile;
}

/** One pass over the files of an experiment. */
export class Composition {
  private readonly demanded = new Map<string, Choice>(); // by group; the outermost demand counts
  private readonly chosen = new Map<string, Choice>();

  constructor(private readonly root: string) {}

  demand(group: string, choice: Choice): void {
    if (!this.demanded.has(group)) this.demanded.set(group, choice);
  }

  choiceOf(group: string): Choice | undefined {
    return this.chosen.get(group);
  }

  experiment(name: string, source: string, above: readonly string[]): ComposedFile {
    const file = experimentFile(this.root, name, source);
    return this.file({ name, file: shownPath(file), chosenBy: source, insteadOf: undefined }, file, null, above);
  }

  option(group: string, { option, source }: Choice, above: readonly string[], isOptional = false): ComposedFile {
    const former = this.chosen.get(group);
    if (former) {
      const instead = `To replace it write "override /${group}: ${option}" in defaults, or ${group}=${option} on the command line`;
      throw new ConfigError([`${source}: ${group} is already chosen: ${former.option} (${former.source}). ${instead}`]);
    }
    const demanded = this.demanded.get(group);
    const choice = demanded ?? { option, source };
    this.chosen.set(group, choice);
    const insteadOf = demanded && { option, source };
    return isOptional && !demanded && !hasOption(this.root, group, option)
      ? absent(`${group}/${option}`, source)
      : this.optionFile(group, choice, insteadOf, above);
  }

  refuseUnused(): void {
    const unused = [...this.demanded].filter(([group]) => !this.chosen.has(group));
    if (unused.length === 0) return;
    const message = (group: string, { option, source }: Choice) =>
      `${source}: no defaults list chooses a ${group}. To add one write +${group}=${option}`;
    throw new ConfigError(unused.map(([group, choice]) => message(group, choice)));
  }

  private optionFile(group: string, { option, source }: Choice, insteadOf: Choice | undefined, above: readonly string[]): ComposedFile {
    const file = optionFile(this.root, group, option, source);
    return this.file({ name: `${group}/${option}`, file: shownPath(file), chosenBy: source, insteadOf }, file, group, above);
  }

  /** The file with its defaults. `group` is null for an experiment; `above` are the files that led here. */
  private file(named: Omit<DefaultsFile, 'parts'>, file: string, group: string | null, above: readonly string[]): ComposedFile {
    const { name, chosenBy } = named;
    if (above.includes(name)) throw new ConfigError([`${chosenBy}: ${[...above, name].join(' -> ')} goes in a circle`]);
    const { entries, body } = splitDefaults(readYaml(file), group);
    for (const entry of entries) if (entry.kind === 'override') this.demand(entry.group, entry);
    const own = group === null ? body : nest(group.split('/'), body);
    const parts = entries.flatMap((entry) => {
      if (entry.kind === 'override') return [];
      return [entry.kind === 'self' ? { tree: own, defaults: '_self_' as const } : this.entry(entry, name, group, [...above, name])];
    });
    const tree = { ...parts.map((part) => part.tree).reduce(mergeFiles), source: body.source };
    return { tree, defaults: { ...named, parts: parts.map((part) => part.defaults) } };
  }

  private entry(
    entry: Exclude<DefaultsEntry, { kind: 'self' | 'override' }>,
    name: string,
    group: string | null,
    above: readonly string[],
  ): ComposedFile {
    if (entry.kind === 'experiment') return this.experiment(entry.name, entry.source, above);
    if (entry.kind === 'option') return this.option(entry.group, entry, above, entry.isOptional);
    if (group !== null) return this.optionFile(group, { option: entry.name, source: entry.source }, undefined, above);
    return this.experiment(join(dirname(name), entry.name), entry.source, above);
  }
}

const absent = (name: string, source: string): ComposedFile => ({
  tree: { source, value: new Map() },
  defaults: { name, file: undefined, chosenBy: source, insteadOf: undefined, parts: [] },
});
