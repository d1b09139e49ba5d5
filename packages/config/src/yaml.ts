import { relative } from 'node:path';
import { FileError, readBytes } from '@tass/files';
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  stringify,
  visit,
  type Alias,
  type Document,
  type Node,
  type YAMLMap,
} from 'yaml';
import { ConfigError } from './config-error';
import { Budget, limits } from './limits';
import { isList as isListNode, isMap as isMapNode, type ConfigMap, type ConfigNode, type ConfigScalar } from './node';
import { utf8Text } from './utf8-text';

/**
 * Reads a YAML 1.2 file into a tree that knows the line and column of each value (of its key, in a map). An empty file is an empty map; of
 * YAML 1.1 it has the merge key `<<`. Throws ConfigError: not there, not YAML, not UTF-8, several documents, a repeated key, a tag,
 * more than `limits` allows, also of what aliases repeat.
 */
export function readYaml(file: string): ConfigNode {
  return parseYaml(readText(file), shownPath(file));
}

/** The text of a file. Throws ConfigError: not there, too large, not UTF-8. */
export function readText(file: string): string {
  const shown = shownPath(file);
  try {
    return utf8Text(readBytes(file, limits.fileBytes), shown);
  } catch (error) {
    throw error instanceof FileError ? new ConfigError([`${shown}: ${error.reason}`]) : error;
  }
}

/** As `readYaml`, of the text of the file that messages call `shown`. */
export function parseYaml(text: string, shown: string): ConfigNode {
  const lines = new LineCounter();
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${shown}:${line}:${col}`;
  };
  refuseManySigns(text, shown);
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  refuseBareReferences(document, text, place);
  refuseProblems(document, place);
  if (document.contents === null) return { source: place(0), value: new Map() };
  return toNode(document.contents, document, (node) => place(node.range?.[0] ?? 0));
}

/** The configuration as YAML text that reads back as the same values. */
export function toYaml(config: unknown): string {
  return stringify(config, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** A path as messages show it: relative to the working directory if it is below it. */
export function shownPath(file: string): string {
  const short = relative('', file);
  return short.startsWith('..') ? file : short;
}

/** `{ a: ${b} }` is not YAML, and its parser's message does not help. */
function refuseBareReferences(document: Document, text: string, place: (offset: number) => string): void {
  const braces = document.errors.map(({ pos: [at] }) => at).filter((at) => text.startsWith('${', at - 1));
  if (braces.length > 0)
    throw new ConfigError(braces.map((at) => `${place(at - 1)}: inside brackets, put a reference in quotes: "\${...}"`));
}

/** Checked before the parser, which takes some 50 microseconds and 2 kB for each. */
function refuseManySigns(text: string, shown: string): void {
  let count = 0;
  for (const _ of text.matchAll(/[\n,[\]{}"'&*!]/g))
    if (++count > limits.fileSigns)
      throw new ConfigError([
        `${shown}: has more than ${limits.fileSigns} lines, commas, brackets and quotes, the most that a configuration may have. Write less, as ranges or several files`,
      ]);
}

function refuseProblems(document: Document, place: (offset: number) => string): void {
  const problems = [...document.errors, ...document.warnings];
  const several = 'a second document begins here, and a file holds one. Put it into a file of its own, or delete the line ---';
  if (problems.length > 0)
    throw new ConfigError(
      problems.map(({ pos, code, message }) => {
        const isDeep = message === 'Maximum call stack size exceeded'; // the parser's answer to a thousand levels
        return `${place(pos[0])}: ${isDeep ? tooMuch(`lists and maps within one another deeper than ${limits.depth} levels`) : code === 'MULTIPLE_DOCS' ? several : message}`;
      }),
    );
}

const tooMuch = (what: string): string => `here the file exceeds what a configuration may hold: ${what}. Write less`;

/** `<<`, not in quotes. */
const isMergeKey = (key: unknown): boolean => isScalar(key) && key.value === '<<' && key.type === 'PLAIN';

function toNode(root: Node, document: Document, sourceOf: (node: Node) => string): ConfigNode {
  const named = nodesOfAliases(document);
  const budget = new Budget();
  const convert = (node: Node | null, source: string, above: readonly Node[], key?: string): ConfigNode => {
    const value = isScalar(node) ? (node.value as ConfigScalar) : null;
    const excess = budget.spend(value, key, above.length);
    if (excess) throw new ConfigError([`${source}: ${tooMuch(excess)}`]);
    if (node === null) return { source, value: null };
    if (above.includes(node)) throw new ConfigError([`${source}: an alias is inside the value that it names`]);
    const within = [...above, node];
    if (isAlias(node)) {
      const target = named.get(node);
      if (!target) throw new ConfigError([`${source}: *${node.source} names an anchor that is not there. Put text with * in quotes`]);
      return convert(target, source, within);
    }
    if (isSeq(node)) {
      return { source, value: node.items.map((item) => convert(item as Node | null, item ? sourceOf(item as Node) : source, within)) };
    }
    return { source, value: isMap(node) ? new Map(entriesOf(node, within)) : value };
  };
  /** Those of `<<` first, so that the map's own keys beat them. */
  const entriesOf = ({ items }: YAMLMap, within: readonly Node[]): [string, ConfigNode][] => {
    const merged: [string, ConfigNode][][] = [];
    const own = new Map<string, ConfigNode>();
    for (const { key, value } of items) {
      const at = sourceOf(key as Node);
      if (!isScalar(key)) throw new ConfigError([`${at}: a key must be plain text`]);
      const name = String(key.value);
      const child = convert(value as Node | null, at, within, name);
      if (isMergeKey(key)) merged.unshift(...mapsOf(child).map(({ value: inner }) => [...inner]));
      else if (own.has(name)) throw new ConfigError([`${at}: Map keys must be unique`]);
      else own.set(name, child);
    }
    return [...merged.flat(), ...own];
  };
  return convert(root, sourceOf(root), []);
}

/** What each alias names: the last anchor of its name before it. Found in one pass; the parser's own search scans the file for each alias. */
function nodesOfAliases(document: Document): Map<Alias, Node> {
  const anchors = new Map<string, Node>();
  const named = new Map<Alias, Node>();
  visit(document, {
    Node: (_, node) => {
      const { anchor } = node as { anchor?: string };
      if (anchor) anchors.set(anchor, node);
      else if (isAlias(node) && anchors.has(node.source)) named.set(node, anchors.get(node.source)!);
    },
  });
  return named;
}

/** What `<<` names: a map, or several, the first above the others. */
function mapsOf(node: ConfigNode): ConfigMap[] {
  const maps = isListNode(node) ? node.value.toReversed() : [node];
  if (maps.every(isMapNode)) return maps;
  throw new ConfigError([
    `${node.source}: << is to name a map, or a list of maps, as in <<: *base. Put the key in quotes to mean its text`,
  ]);
}
