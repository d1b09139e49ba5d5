export type ConfigScalar = string | number | boolean | null;

/** One value of a configuration, with where it was written: `experiments/tass.yaml:7:3`, or `override seed=3`. */
export interface ConfigNode {
  readonly source: string;
  readonly value: ConfigScalar | readonly ConfigNode[] | ReadonlyMap<string, ConfigNode>;
  readonly mistake?: string; // why its references cannot be read; it still holds them
}

export type ConfigPath = readonly (string | number)[];

export interface ConfigMap extends ConfigNode {
  readonly value: ReadonlyMap<string, ConfigNode>;
}

export interface ConfigList extends ConfigNode {
  readonly value: readonly ConfigNode[];
}

export const isMap = (node: ConfigNode): node is ConfigMap => node.value instanceof Map;

export const isList = (node: ConfigNode): node is ConfigList => Array.isArray(node.value);

/** The value as plain objects, arrays and scalars. */
export function plainValue(node: ConfigNode): unknown {
  if (isList(node)) return node.value.map(plainValue);
  if (isMap(node)) return Object.fromEntries([...node.value].map(([key, child]) => [key, plainValue(child)]));
  return node.value;
}

/** A tree whose values all come from one `source`. */
export function nodeOf(value: unknown, source: string): ConfigNode {
  if (Array.isArray(value)) return { source, value: value.map((item) => nodeOf(item, source)) };
  if (value !== null && typeof value === 'object') {
    return { source, value: new Map(Object.entries(value).map(([key, child]) => [key, nodeOf(child, source)])) };
  }
  return { source, value: value as ConfigScalar };
}

/** `node` as the value of key a.b.c of an otherwise empty tree. */
export function nest(path: ConfigPath, node: ConfigMap): ConfigMap {
  return path.reduceRight<ConfigMap>((child, key) => ({ source: node.source, value: new Map([[String(key), child]]) }), node);
}

/** `above` laid over `below`: maps are merged key by key and keep the source of the first, lists and scalars are replaced. */
export function merge(below: ConfigNode, above: ConfigNode): ConfigNode {
  if (!isMap(below) || !isMap(above)) return above;
  const merged = new Map(below.value);
  for (const [key, child] of above.value) {
    const former = merged.get(key);
    merged.set(key, former ? merge(former, child) : child);
  }
  return { source: below.source, value: merged };
}

/** The node at `path`, or undefined. */
export function nodeAt(root: ConfigNode, path: ConfigPath): ConfigNode | undefined {
  let node: ConfigNode | undefined = root;
  for (const key of path) {
    if (node && isMap(node)) node = node.value.get(String(key));
    else if (node && isList(node)) node = node.value[Number(key)];
    else return undefined;
  }
  return node;
}

/** Every scalar, empty map and empty list of the tree with its path, in order. */
export function* leaves(node: ConfigNode, path: ConfigPath = []): Generator<{ path: ConfigPath; node: ConfigNode }> {
  const children: Iterable<[string | number, ConfigNode]> = isMap(node) ? node.value : isList(node) ? node.value.entries() : [];
  let any = false;
  for (const [key, child] of children) {
    any = true;
    yield* leaves(child, [...path, key]);
  }
  if (!any) yield { path, node };
}

/** `model.tsgPlus.threshold`; the items of a list count from 0. */
export const keyName = (path: ConfigPath): string => path.join('.');
