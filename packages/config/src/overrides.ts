import { isDeepStrictEqual } from 'node:util';
import { didYouMean, shellWord } from '@tass/program';
import { ConfigError } from './config-error';
import { limits } from './limits';
import { isList, isMap, keyName, merge, nodeAt, plainValue, type ConfigList, type ConfigNode } from './node';
import { overrideValue, parseValue } from './override-value';
import { mayRefer } from './references';
import { shortened } from './value-text';

/** A word of the command line: `seed=3`, `+a.b=1`, `++a.b=1`, `~a.b`, `~a.b=1`, `model=tass`. */
export interface Override {
  readonly source: string;
  readonly action: 'set' | 'add' | 'force' | 'delete';
  readonly key: string;
  readonly text: string; // what follows the equals sign; empty without one
  readonly isAnyValue: boolean; // ~key: deleted whatever its value is
}

const actions = { '': 'set', '+': 'add', '++': 'force', '~': 'delete' } as const;

/** Throws ConfigError on a word that is not an override. */
export function parseOverride(word: string): Override {
  if (word.length > limits.overrideCharacters) throw tooLong(word, `the override has ${word.length} characters`, limits.overrideCharacters);
  const source = `override ${shortened(word, 250)}`;
  const parts = /^(\+\+|\+|~|)([A-Za-z_][\w-]*(?:[./][\w-]+)*)(?:=(.*))?$/s.exec(word);
  if (!parts) throw new ConfigError([`${source}: expected key=value, +key=value to add, or ~key to delete`]);
  const [, sign, key, text] = parts;
  if (key.length > limits.keyCharacters) throw tooLong(word, `its key has ${key.length} characters`, limits.keyCharacters);
  if (key.split('.').length > limits.depth) throw tooLong(word, `its key has ${key.split('.').length} parts`, limits.depth);
  const action = actions[sign as keyof typeof actions];
  if (action !== 'delete' && text === undefined) throw new ConfigError([`${source}: has no value. Write ${sign}${key}=value`]);
  return { source, action, key, text: text ?? '', isAnyValue: text === undefined };
}

/** The words as overrides. Throws ConfigError, also for more than `limits` allows. */
export function parseOverrides(words: readonly string[]): Override[] {
  refuseManyOverrides(words);
  return words.map(parseOverride);
}

export function refuseManyOverrides(words: readonly string[]): void {
  if (words.length <= limits.overrides) return;
  throw new ConfigError([
    `override ${shortened(words[limits.overrides])}: is one of ${words.length}, expected at most ${limits.overrides}. Write them into an experiment's file`,
  ]);
}

const tooLong = (word: string, found: string, most: number): ConfigError =>
  new ConfigError([`override ${shortened(word)}: ${found}, expected at most ${most}. Write the value into an experiment's file`]);

/**
 * The tree with one override applied. `key=value` may name a key that no file sets: the schema decides whether the experiment
 * knows it. `+key=value` requires that it is new, `~key` that it exists, `~key=value` that it has this value. `list.0=value` replaces an
 * item; `+copy.x=1` and `++copy.x=1` replace a reference by a map.
 */
export function applyOverride(root: ConfigNode, { source, action, key, text, isAnyValue }: Override): ConfigNode {
  if (action === 'set' && key.includes('/')) {
    throw new ConfigError([
      `${source}: there is no group ${key} with an option ${text}, and keys have dots: ${key.replaceAll('/', '.')}=${text}`,
    ]);
  }
  const path = key.split('.');
  const former = nodeAt(root, path);
  for (let depth = 1; depth < path.length; depth++) {
    const parent = nodeAt(root, path.slice(0, depth));
    if (!parent || isMap(parent) || parent.value === null) continue;
    const place = `${source}: ${keyName(path.slice(0, depth))}`;
    if (isList(parent)) {
      refuseNoItem(parent, path[depth], place);
      if (action === 'delete' && depth === path.length - 1) throw new ConfigError([`${place} cannot lose a single item. Write the whole list`]);
    } else if (!mayRefer(parent.value) || !['add', 'force'].includes(action)) {
      throw new ConfigError([`${place} is ${JSON.stringify(parent.value)} (${parent.source}), not a map of keys`]);
    }
  }
  if (action === 'delete') {
    if (!former) throw new ConfigError([`${source}: there is no ${key} to delete.${siblings(root, path)}`]);
    if (!isAnyValue && !isDeepStrictEqual(plainValue(former), overrideValue(text, source))) {
      throw new ConfigError([
        `${source}: ${key} is ${JSON.stringify(plainValue(former))} (${former.source}), not ${text}. To delete it write ~${key}`,
      ]);
    }
    return without(root, path);
  }
  if (action === 'add' && former) {
    throw new ConfigError([`${source}: ${key} is already set (${former.source}). To change it write ${shellWord(`${key}=${text}`)}`]);
  }
  return withValue(root, path, parseValue(text, source));
}

function refuseNoItem({ value, source }: ConfigList, index: string, place: string): void {
  if (/^(0|[1-9]\d*)$/.test(index) && Number(index) < value.length) return;
  const items = value.length === 0 ? 'no items' : `the items 0 to ${value.length - 1}`;
  throw new ConfigError([`${place} is a list with ${items} (${source}), ${index} is none of them. Write the whole list`]);
}

/** The tree with `value` merged into the value at `path`; on the way, anything but a map or list becomes a map. */
function withValue(node: ConfigNode | undefined, [key, ...rest]: readonly string[], value: ConfigNode): ConfigNode {
  if (key === undefined) return node ? merge(node, value) : value;
  if (node && isList(node)) {
    return { ...node, value: node.value.map((item, index) => (index === Number(key) ? withValue(item, rest, value) : item)) };
  }
  const map = node && isMap(node) ? node : { source: value.source, value: new Map<string, ConfigNode>() };
  return { source: map.source, value: new Map([...map.value, [key, withValue(map.value.get(key), rest, value)]]) };
}

function without(node: ConfigNode, [key, ...rest]: readonly string[]): ConfigNode {
  if (isList(node)) return { ...node, value: node.value.map((item, index) => (index === Number(key) ? without(item, rest) : item)) };
  const entries = new Map(node.value as ReadonlyMap<string, ConfigNode>);
  const child = entries.get(key) as ConfigNode;
  if (rest.length === 0) entries.delete(key);
  else entries.set(key, without(child, rest));
  return { source: node.source, value: entries };
}

function siblings(root: ConfigNode, path: readonly string[]): string {
  const parent = nodeAt(root, path.slice(0, -1));
  if (!parent || !isMap(parent)) return '';
  const known = [...parent.value.keys()];
  return ` Keys here: ${known.join(', ')}.${didYouMean(path[path.length - 1], known)}`;
}
