import { join } from 'node:path';
import { basename, dirname } from 'node:path/posix';
import { ConfigError } from './config-error';
import { splitDefaults, toChoose, type DefaultsEntry } from './defaults';
import { experimentFile, hasOption, isExperiment, listOptions, optionFile } from './experiment-files';
import { limits } from './limits';
import { nest, type ConfigMap, type ConfigPath } from './node';
import { packageOf } from './package-header';
import { parseYaml, readText, shownPath } from './yaml';

export interface Choice {
  readonly option: string | null; // null: none
  readonly source: string;
}

/** A file of an experiment, with those that its own `defaults` list names. */
export interface DefaultsFile {
  readonly name: string; // `quickstart`, `model/tass`
  readonly file: string | undefined | null; // as messages show it; undefined: optional, and not there; null: none is chosen
  readonly chosenBy: string; // the place of a line in a list, or `override model=tass`
  readonly insteadOf: Choice | undefined; // what the list itself names
  readonly parts: readonly (DefaultsFile | '_self_')[]; // the later over the earlier
}

/** The group that a file is an option of, and the key below which its values are merged. */
interface Mount {
  readonly group: string;
  readonly key: ConfigPath;
}

const mostDepth = `expected at most ${limits.depth}. Name it further up`;
const mostFiles = 'the most that are read. A file that is named several times counts each time: name it once';

/** The result of a file and those that it names: the values of each as a map from the root, the later over the earlier, and who chose them. */
export interface ComposedFile {
  readonly source: string; // of the file itself
  readonly maps: readonly ConfigMap[];
  readonly defaults: DefaultsFile;
}

/**
 * One pass over the files of an experiment, the later before the earlier, so that an `override` is known before the choice that it replaces;
 * of several for one group the outermost wins, then the latest.
 */
export class Composition {
  private readonly demanded = new Map<string, Choice>(); // by group; the first demand counts
  private readonly chosen = new Map<string, Choice>();
  private files = 0; // read so far
  private readonly listed = new Map<string, Choice>(); // choices made in the lists themselves, by group

  constructor(private readonly root: string) {}

  demand(group: string, choice: Choice): void {
    if (!this.demanded.has(group)) this.demanded.set(group, choice);
  }

  /** A line `override /group: option`. Throws ConfigError if the choice comes after it. */
  private override({ group, option, source }: Extract<DefaultsEntry, { kind: 'override' }>): void {
    const later = this.listed.get(group);
    if (later && !this.demanded.has(group))
      throw new ConfigError([`${source}: ${group} is chosen after this line, in ${later.source}. Put the file with the override after it`]);
    this.demand(group, { option, source });
  }

  choiceOf(group: string): Choice | undefined {
    return this.chosen.get(group);
  }

  /** `afterOverrides` is called when the overrides of the experiment's own list are known, but no choice yet. */
  experiment(name: string, source: string, above: readonly string[], afterOverrides?: () => void): ComposedFile {
    const file = experimentFile(this.root, name, source);
    return this.file({ name, file: shownPath(file), chosenBy: source, insteadOf: undefined }, file, undefined, above, afterOverrides);
  }

  /** `key` is where its values are merged, unless its file names a package. */
  option(
    group: string,
    { option, source }: Choice,
    above: readonly string[],
    { key = group.split('/'), isOptional = false }: { readonly key?: ConfigPath; readonly isOptional?: boolean } = {},
  ): ComposedFile {
    const later = this.listed.get(group);
    if (later) throw twiceChosen(group, { option, source }, later);
    this.listed.set(group, { option, source });
    const demanded = this.demanded.get(group);
    const choice = demanded ?? { option, source };
    this.chosen.set(group, choice);
    const insteadOf = demanded && { option, source };
    const without = (file: undefined | null): ComposedFile => ({
      ...{ source: choice.source, maps: [] },
      defaults: { name: `${group}/${choice.option}`, file, chosenBy: choice.source, insteadOf, parts: [] },
    });
    if (choice.option === null) return without(null);
    if (choice.option === toChoose) throw this.unchosen(group, choice.source);
    if (isOptional && !demanded && !hasOption(this.root, group, choice.option)) return without(undefined);
    return this.optionFile({ group, key }, choice.option, choice.source, insteadOf, above);
  }

  private unchosen(group: string, source: string): ConfigError {
    const options = listOptions(this.root, group);
    const known = options.length > 0 ? `. Options of ${group}: ${options.join(', ')}` : '';
    return new ConfigError([`${source}: ${group} is to be chosen (${toChoose}). Write ${group}=OPTION${known}`]);
  }

  refuseUnused(): void {
    const unused = [...this.demanded].filter(([group]) => !this.chosen.has(group));
    if (unused.length === 0) return;
    const message = (group: string, { option, source }: Choice) =>
      `${source}: no defaults list chooses a ${group}. ${option === null ? 'Leave this out' : `To add one write +${group}=${option}`}`;
    throw new ConfigError(unused.map(([group, choice]) => message(group, choice)));
  }

  private optionFile(
    { group, key }: Mount,
    option: string,
    source: string,
    insteadOf: Choice | undefined,
    above: readonly string[],
  ): ComposedFile {
    const file = optionFile(this.root, group, option, source);
    return this.file({ name: `${group}/${option}`, file: shownPath(file), chosenBy: source, insteadOf }, file, { group, key }, above);
  }

  /** The file with its defaults. `mount` is undefined for an experiment; `above` are the files that led here. */
  private file(
    named: Omit<DefaultsFile, 'parts'>,
    file: string,
    mount: Mount | undefined,
    above: readonly string[],
    afterOverrides?: () => void,
  ): ComposedFile {
    const { name, chosenBy } = named;
    if (above.includes(name)) throw new ConfigError([`${chosenBy}: ${[...above, name].join(' -> ')} is a cycle`]);
    if (above.length > limits.depth)
      throw new ConfigError([`${chosenBy}: the file is named by way of ${above.length} others, ${mostDepth}`]);
    if (++this.files > limits.files)
      throw new ConfigError([`${chosenBy}: the experiment has more than ${limits.files} files, ${mostFiles}`]);
    const text = readText(file);
    const { entries, body } = splitDefaults(parseYaml(text, shownPath(file)), mount?.group ?? null);
    for (const entry of entries) if (entry.kind === 'override') this.override(entry);
    afterOverrides?.();
    const here = mount && { group: mount.group, key: packageOf(text, shownPath(file)) ?? mount.key };
    const own = nest(here?.key ?? [], body);
    const parts = entries
      .filter((entry) => entry.kind !== 'override')
      .toReversed()
      .map((entry) =>
        entry.kind === 'self' ? { maps: [own], defaults: '_self_' as const } : this.entry(entry, name, here, [...above, name]),
      )
      .toReversed();
    return {
      source: body.source,
      maps: parts.flatMap(({ maps }) => maps),
      defaults: { ...named, parts: parts.map(({ defaults }) => defaults) },
    };
  }

  private entry(
    entry: Exclude<DefaultsEntry, { kind: 'self' | 'override' }>,
    name: string,
    mount: Mount | undefined, // of the file that holds the entry
    above: readonly string[],
  ): ComposedFile {
    if (entry.kind === 'option') {
      const isInner = mount && entry.group.startsWith(`${mount.group}/`);
      const key = isInner ? [...mount.key, ...entry.group.slice(mount.group.length + 1).split('/')] : undefined;
      return this.option(entry.group, entry, above, { key, isOptional: entry.isOptional });
    }
    if (entry.kind === 'experiment') return this.fromRoot(entry.name, entry.source, mount, above);
    if (mount) return this.optionFile(mount, entry.name, entry.source, undefined, above);
    return this.experiment(join(dirname(name), entry.name), entry.source, above);
  }

  /** `/quickstart` is an experiment; `/model/tass` is not: it is the option of a group. */
  private fromRoot(name: string, source: string, mount: Mount | undefined, above: readonly string[]): ComposedFile {
    const [itsGroup, option] = [dirname(name), basename(name)];
    if (!isExperiment(this.root, name) && hasOption(this.root, itsGroup, option)) return this.option(itsGroup, { option, source }, above);
    if (mount) throw new ConfigError([`${source}: /${name}: an option of a group cannot build on a whole experiment`]);
    return this.experiment(name, source, above);
  }
}

/** `later` follows `former` in the order of the files; a list may name both. */
function twiceChosen(group: string, former: Choice, later: Choice): ConfigError {
  const ofCommandLine = later.source.startsWith('override ');
  const instead = ofCommandLine ? `${group}=${later.option}` : `"override /${group}: ${later.option}" instead`;
  return new ConfigError([
    `${later.source}: ${group} is already chosen: ${former.option} (${former.source}). To replace it write ${instead}`,
  ]);
}
