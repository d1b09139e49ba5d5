import { composeExperiment } from './compose';
import { ConfigError } from './config-error';
import { foldersOf, gridKey, isGrid, listExperiments, listOptions } from './experiment-files';
import { isMap, nodeAt, plainValue, type ConfigNode } from './node';

/** What may follow a command on its line. */
export interface CompletedCommand {
  readonly options: readonly string[]; // as they are typed: `--resume`, `--exp=` (which takes several experiments where there are no settings)
  readonly settings?: 'experiment' | 'grid'; // `key=value` and `group=option` of an experiment, for `grid` also several values
}

/**
 * Completions of the last of `words`; the command is the first. `root` is the experiments folder. A candidate that
 * ends with `=` or `.` can be continued. There are none if files cannot be read: running the command reports the error.
 */
export function completeWords(words: readonly string[], root: string, commands: Readonly<Record<string, CompletedCommand>>): string[] {
  const current = words.at(-1) ?? '';
  const [name, ...before] = words.slice(0, -1);
  if (name === undefined) return startingWith(current, Object.keys(commands));
  if (!Object.hasOwn(commands, name)) return [];
  return attempt(() => startingWith(current, following(commands[name], before, current, root))) ?? [];
}

const startingWith = (current: string, all: readonly string[]): string[] =>
  [...new Set(all)].filter((candidate) => candidate.startsWith(current));

/** Undefined if the configuration has mistakes. */
function attempt<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

function following({ options, settings }: CompletedCommand, before: readonly string[], current: string, root: string): string[] {
  const [, option, given] = /^(--exp(?:eriment)?=)((?:[^,]*,)*)/.exec(current) ?? [];
  if (option !== undefined && options.includes('--exp=')) {
    return experimentsFor(settings, root).map((name) => `${option}${settings ? '' : given}${name}`);
  }
  if (settings === undefined || current.startsWith('-')) return [...options];
  const severalAllowed = settings === 'grid' || before.some((word) => word === '-m' || word === '--multirun');
  const found = settingsFor(before, current, severalAllowed, root);
  return current === '' ? [...options, ...found] : found;
}

/** Grids first for a command that runs them, last for others. */
function experimentsFor(settings: CompletedCommand['settings'], root: string): string[] {
  const names = listExperiments(root);
  const grids = names.filter((name) => isGrid(root, name));
  const others = names.filter((name) => !grids.includes(name));
  return settings === 'grid' ? [...grids, ...others] : [...others, ...grids];
}

function settingsFor(before: readonly string[], current: string, severalAllowed: boolean, root: string): string[] {
  const [, sign, word] = /^(\+\+|\+|~|)(.*)$/s.exec(current) as unknown as [string, string, string];
  const at = word.indexOf('=');
  if (at >= 0)
    return valuesFor(word.slice(0, at), word.slice(at + 1), severalAllowed, root).map((value) => `${sign}${word.slice(0, at)}=${value}`);
  const end = sign === '~' ? '' : '=';
  return [
    ...groupsBelow(root).map((group) => `${sign}${group}${end}`),
    ...keysFor(before, word, root).map((key) => sign + (key.endsWith('.') ? key : key + end)),
  ];
}

/** The options of a group; in a grid also further ones, after those that are typed. */
function valuesFor(key: string, typed: string, severalAllowed: boolean, root: string): string[] {
  const given = severalAllowed ? typed.slice(0, typed.lastIndexOf(',') + 1) : '';
  const taken = given.split(',');
  return listOptions(root, key).flatMap((option) => (taken.includes(option) ? [] : [given + option]));
}

/** Folders with files that are options; those of a folder like `ablations` are experiments. */
function groupsBelow(root: string): string[] {
  const experiments = listExperiments(root);
  return foldersOf(root).filter((group) => listOptions(root, group).some((option) => !experiments.includes(`${group}/${option}`)));
}

/** Keys of the experiment named earlier in the line, one level at a time: `model.` is a map. */
function keysFor(before: readonly string[], word: string, root: string): string[] {
  const name = before.map((one) => /^--exp(?:eriment)?=(.+)$/s.exec(one)?.[1]).find((one) => one !== undefined);
  if (name === undefined) return [];
  const settings = before.filter((one) => !one.startsWith('-'));
  const above = word.split('.').slice(0, -1);
  const map = nodeAt(composed(name, settings, root), above);
  if (!map || !isMap(map)) return [];
  return [...map.value].map(([key, child]) => [...above, key].join('.') + (isMap(child) ? '.' : ''));
}

/** With the earlier words that can be applied: an unfinished line may hold anything. */
function composed(name: string, words: readonly string[], root: string): ConfigNode {
  const tree = composeExperiment({ root, name }).tree;
  const cell = firstOfGrid(tree) ?? name;
  const withWords = (overrides: readonly string[]) => attempt(() => composeExperiment({ root, name: cell, overrides }).tree);
  const kept: string[] = [];
  let best = withWords(kept) ?? tree;
  const keep = (word: string): boolean => {
    const next = withWords([...kept, word]);
    if (!next) return false;
    best = next;
    kept.push(word);
    return true;
  };
  for (const word of words) if (!keep(word)) keep(`+${word}`); // launcher=slurm, for a group that the command itself adds
  return best;
}

/** The experiment that a grid names first; undefined for anything but a grid, and for a grid over itself. */
function firstOfGrid(tree: ConfigNode): string | undefined {
  const first = nodeAt(tree, [gridKey, 'experiments', 0]);
  const name = first && plainValue(first);
  return typeof name === 'string' ? name : undefined;
}
