import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, stringify, type Document, type Node, type YAMLMap } from 'yaml';
import { ConfigError } from './config-error';
import { isList as isListNode, isMap as isMapNode, type ConfigMap, type ConfigNode, type ConfigScalar } from './node';
import { utf8Text } from './utf8-text';

/**
 * Reads a YAML 1.2 file into a tree that knows the line and column of each value (of its key, in a map). An empty file is an empty map; of
 * YAML 1.1 it has the merge key `<<`. Throws ConfigError: not there, not YAML, not UTF-8, several documents, a key that stands twice, a tag.
 */
export function readYaml(file: string): ConfigNode {
  return parseYaml(readText(file), shownPath(file));
}

/** The text of a file. Throws ConfigError: not there, not UTF-8. */
export function readText(file: string): string {
  const shown = shownPath(file);
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new ConfigError([`${shown}: cannot be read: ${(error as Error).message}`]);
  }
  return utf8Text(bytes, shown);
}

/** As `readYaml`, of the text of the file that messages call `shown`. */
export function parseYaml(text: string, shown: string): ConfigNode {
  const lines = new LineCounter();
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${shown}:${line}:${col}`;
  };
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: areSameKeys });
  refuseBareReferences(document, text, place);
  refuseProblems(document, place);
  if (document.contents === null) return { source: place(0), value: new Map() };
  return toNode(document.contents, document, (node) => place(node.range?.[0] ?? 0));
}

/** The configuration as YAML text that reads back as the same values. */
export function toYaml(config: unknown): string {
  return stringify(config, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** A path as messages show it: relative to the working directory when it lies below it. */
export function shownPath(file: string): string {
  const short = relative('', file);
  return short.startsWith('..') ? file : short;
}

/** `{ a: ${b} }` is no YAML, and what its parser says of it helps nobody. */
function refuseBareReferences(document: Document, text: string, place: (offset: number) => string): void {
  const braces = document.errors.map(({ pos: [at] }) => at).filter((at) => text.startsWith('${', at - 1));
  if (braces.length > 0)
    throw new ConfigError(braces.map((at) => `${place(at - 1)}: within brackets a reference stands in quotes: "\${...}"`));
}

function refuseProblems(document: Document, place: (offset: number) => string): void {
  const problems = [...document.errors, ...document.warnings];
  const several = 'a second document begins here, and a file holds one. Put it into a file of its own, or delete the line ---';
  if (problems.length > 0)
    throw new ConfigError(problems.map(({ pos, code, message }) => `${place(pos[0])}: ${code === 'MULTIPLE_DOCS' ? several : message}`));
}

/** `<<`, not in quotes. */
const isMergeKey = (key: unknown): boolean => isScalar(key) && key.value === '<<' && key.type === 'PLAIN';

const areSameKeys = (a: unknown, b: unknown): boolean => isScalar(a) && isScalar(b) && a.value === b.value && !isMergeKey(a);

function toNode(root: Node, document: Document, sourceOf: (node: Node) => string): ConfigNode {
  const convert = (node: Node | null, source: string, above: readonly Node[]): ConfigNode => {
    if (node === null) return { source, value: null };
    if (above.includes(node)) throw new ConfigError([`${source}: an alias stands inside what it names`]);
    const within = [...above, node];
    if (isAlias(node)) {
      const named = node.resolve(document);
      if (!named) throw new ConfigError([`${source}: *${node.source} names an anchor that is not there. Put text with * in quotes`]);
      return convert(named, source, within);
    }
    if (isSeq(node)) {
      return { source, value: node.items.map((item) => convert(item as Node | null, item ? sourceOf(item as Node) : source, within)) };
    }
    if (isMap(node)) return { source, value: new Map(entriesOf(node, within)) };
    return { source, value: (node as { value: unknown }).value as ConfigScalar };
  };
  /** Those of `<<` first, so that the map's own stand above them. */
  const entriesOf = ({ items }: YAMLMap, within: readonly Node[]): [string, ConfigNode][] => {
    const merged: [string, ConfigNode][] = [];
    const own: [string, ConfigNode][] = [];
    for (const { key, value } of items) {
      const at = sourceOf(key as Node);
      if (!isScalar(key)) throw new ConfigError([`${at}: a key must be plain text`]);
      const child = convert(value as Node | null, at, within);
      if (isMergeKey(key)) merged.unshift(...mapsOf(child).flatMap(({ value: inner }) => [...inner]));
      else own.push([String(key.value), child]);
    }
    return [...merged, ...own];
  };
  return convert(root, sourceOf(root), []);
}

/** What `<<` names: a map, or several, the first above the others. */
function mapsOf(node: ConfigNode): ConfigMap[] {
  const maps = isListNode(node) ? node.value.toReversed() : [node];
  if (maps.every(isMapNode)) return maps;
  throw new ConfigError([
    `${node.source}: << is to name a map, or a list of maps, as in <<: *base. Put the key in quotes to mean its text`,
  ]);
}
