import { isDeepStrictEqual } from 'node:util';
import { didYouMean } from '@tass/program';
import { ConfigError } from './config-error';
import { isList, isMap, keyName, merge, nest, nodeAt, plainValue, type ConfigNode } from './node';
import { overrideValue, parseValue } from './override-value';

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
  const source = `override ${word}`;
  const parts = /^(\+\+|\+|~|)([A-Za-z_][\w-]*(?:[./][\w-]+)*)(?:=(.*))?$/s.exec(word);
  if (!parts) throw new ConfigError([`${source}: expected key=value, +key=value to add, or ~key to delete`]);
  const [, sign, key, text] = parts;
  const action = actions[sign as keyof typeof actions];
  if (action !== 'delete' && text === undefined) throw new ConfigError([`${source}: has no value. Write ${sign}${key}=value`]);
  return { source, action, key, text: text ?? '', isAnyValue: text === undefined };
}

/**
 * The tree with one override applied. `key=value` may name a key that no file sets: whether the experiment knows it is the schema's
 * question. `+key=value` insists that it is new, `~key` that it is there, `~key=value` that it has this value.
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
    const found = isList(parent) ? 'a list' : JSON.stringify(parent.value);
    throw new ConfigError([`${source}: ${keyName(path.slice(0, depth))} is ${found} (${parent.source}), not a map of keys`]);
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
    throw new ConfigError([`${source}: ${key} is already set (${former.source}). To change it write ${key}=${text}`]);
  }
  return merge(root, nest(path, parseValue(text, source)));
}

function without(node: ConfigNode, [key, ...rest]: readonly string[]): ConfigNode {
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
