import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, stringify, type Document, type Node } from 'yaml';
import { ConfigError } from './config-error';
import type { ConfigNode, ConfigScalar } from './node';

/**
 * Reads a YAML 1.2 file into a tree that knows the line and column of each value (of its key, in a map). An empty file is an empty map.
 * Throws ConfigError: not there, not YAML, a key that stands twice, a tag.
 */
export function readYaml(file: string): ConfigNode {
  const shown = shownPath(file);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError([`${shown}: cannot be read: ${(error as Error).message}`]);
  }
  const lines = new LineCounter();
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${shown}:${line}:${col}`;
  };
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
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
  if (problems.length > 0) throw new ConfigError(problems.map(({ pos, message }) => `${place(pos[0])}: ${message}`));
}

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
    if (isMap(node)) {
      const entries = node.items.map(({ key, value }): [string, ConfigNode] => {
        const at = sourceOf(key as Node);
        if (!isScalar(key)) throw new ConfigError([`${at}: a key must be plain text`]);
        return [String(key.value), convert(value as Node | null, at, within)];
      });
      return { source, value: new Map(entries) };
    }
    return { source, value: (node as { value: unknown }).value as ConfigScalar };
  };
  return convert(root, sourceOf(root), []);
}
