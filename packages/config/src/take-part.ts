import type { ComposedConfig } from './compose';
import { isMap, nodeAt, plainValue, type ConfigNode } from './node';

export interface ConfigParts {
  readonly rest: ComposedConfig; // without the key
  readonly part: ComposedConfig | undefined; // the key alone, still below its name; undefined if it is missing
}

/** Splits a top-level key off a configuration, so that each side is checked with its own schema; sources and full keys stay. */
export function takePart({ tree, sourceOf }: ComposedConfig, key: string): ConfigParts {
  const found = nodeAt(tree, [key]);
  if (!isMap(tree) || found === undefined) return { rest: composed(tree, sourceOf), part: undefined };
  const others = new Map([...tree.value].filter(([name]) => name !== key));
  return {
    rest: composed({ source: tree.source, value: others }, sourceOf),
    part: composed({ source: tree.source, value: new Map([[key, found]]) }, sourceOf),
  };
}

const composed = (tree: ConfigNode, sourceOf: ComposedConfig['sourceOf']): ComposedConfig => ({
  config: plainValue(tree) as Record<string, unknown>,
  tree,
  sourceOf,
});
