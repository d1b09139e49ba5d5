import { didYouMean, nearest } from '@tass/program';
import { environmentValue } from './environment-value';
import { ConfigError } from './config-error';
import { gridKey } from './experiment-files';
import { exceeded, limits, type Extent } from './limits';
import { isList, isMap, keyName, leaves, nodeAt, type ConfigMap, type ConfigNode, type ConfigPath } from './node';
import { readElement, unquoted } from './override-value';
import { mayRefer, piecesOf, type Reference } from './references';
import { isQuote, shortened, splitOutside, ValueMistake } from './value-text';

/**
 * The tree with its references replaced by what they refer to: `${a.b}`, `${a.list.0}` from the root; `${.a}` next to the value, each further
 * dot one map or list up; `${oc.env:NAME}`, `${oc.env:NAME,default}` (text or null); `${oc.decode:...}` reads text as a value. They may
 * occur within text and within one another. A value that is one reference keeps its type; each value keeps the place it was written at.
 * Unreadable ones keep their text and a `mistake`, for `checkConfig`. The key `sweep` is not resolved: its words belong to the cells.
 * Throws ConfigError if the resolved tree is larger than `limits` allows.
 */
export function resolveReferences(root: ConfigNode, environment: NodeJS.ProcessEnv = process.env): ConfigNode {
  return new Resolver(root, environment).node(root, []);
}

/**
 * The map that the text at `path` refers to, as it is written there. Undefined if the text is not a single reference, or if
 * that does not lead to a map.
 */
export function referredMap({ value }: ConfigNode, path: ConfigPath, root: ConfigNode, environment = process.env): ConfigMap | undefined {
  if (!mayRefer(value)) return undefined;
  try {
    const node = new Resolver(root, environment).followed({ node: { source: '', value }, path })?.node;
    return node && isMap(node) ? node : undefined;
  } catch (error) {
    if (error instanceof ValueMistake) return undefined; // reported when the whole configuration is resolved
    throw error;
  }
}

/** A node with its path. */
interface Place {
  readonly node: ConfigNode;
  readonly path: ConfigPath;
}

/** `a[0].b` as `a.0.b`. */
const withoutBrackets = (key: string): string =>
  key.replace(/(^\.*)?\[([^\]]*)\]/g, (_, begin: string | undefined, inner: string) => `${begin ?? '.'}${inner}`);

class Resolver {
  private readonly done = new Map<string, ConfigNode>();
  private readonly chain: string[] = []; // keys on the way to the value that is read now
  private readonly extents = new WeakMap<object, Extent>(); // by list or map: references to one share it, and what it holds is counted once

  constructor(
    private readonly root: ConfigNode,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  node(node: ConfigNode, path: ConfigPath): ConfigNode {
    const id = JSON.stringify(path.map(String));
    const known = this.done.get(id);
    if (known) return known;
    const resolved = this.fresh(node, path);
    const excess = exceeded(this.extentOf(resolved));
    if (excess)
      throw new ConfigError([`${node.source}: ${keyName(path) || 'the experiment'} holds ${excess}, its references replaced. Write less`]);
    this.done.set(id, resolved);
    return resolved;
  }

  /** What a resolved node holds when it is written out. */
  private extentOf(node: ConfigNode): Extent {
    const { value } = node;
    if (!isList(node) && !isMap(node)) return { values: 1, characters: typeof value === 'string' ? value.length : 0, depth: 0 };
    const known = this.extents.get(node.value);
    if (known) return known;
    const extent = { values: 1, characters: 0, depth: 1 };
    for (const [key, child] of node.value.entries()) {
      const below = this.extentOf(child);
      extent.values += below.values;
      extent.characters += below.characters + (typeof key === 'string' ? key.length : 0);
      extent.depth = Math.max(extent.depth, below.depth + 1);
    }
    this.extents.set(node.value, extent);
    return extent;
  }

  private fresh(node: ConfigNode, path: ConfigPath): ConfigNode {
    if (path.length === 1 && path[0] === gridKey) return node;
    if (isList(node)) return { ...node, value: node.value.map((item, index) => this.node(item, [...path, index])) };
    if (isMap(node)) return { ...node, value: new Map([...node.value].map(([key, child]) => [key, this.node(child, [...path, key])])) };
    if (!mayRefer(node.value)) return node;
    const name = keyName(path);
    const depth = this.chain.length;
    this.enter(name); // not within try: a circle is the mistake of the reference that closes it
    try {
      return { source: node.source, value: this.value(node.value, path) };
    } catch (error) {
      if (!(error instanceof ValueMistake)) throw error;
      return { ...node, mistake: `${node.source}: ${name} is ${shortened(String(node.value), 250)}: ${error.message}` };
    } finally {
      this.chain.length = depth;
    }
  }

  private enter(name: string): void {
    if (this.chain.includes(name)) throw new ValueMistake(`${[...this.chain, name].join(' -> ')} is a cycle`);
    if (this.chain.length >= limits.references)
      throw new ConfigError([
        `${name}: ${limits.references} references lead to one another up to here, the most that are followed. Name the value itself`,
      ]);
    this.chain.push(name);
  }

  /** The value of a text with references, at `path`. */
  private value(text: string, path: ConfigPath): ConfigNode['value'] {
    const pieces = piecesOf(text);
    if (pieces.length === 1 && typeof pieces[0] !== 'string') return this.referred(pieces[0], path);
    const texts = pieces.map((piece) => (typeof piece === 'string' ? piece : this.asText(piece, path)));
    const length = texts.reduce((sum, each) => sum + each.length, 0);
    if (length > limits.characters)
      throw new ValueMistake(`this text would have ${length} characters, expected at most ${limits.characters}`);
    return texts.join('');
  }

  private asText(reference: Reference, path: ConfigPath): string {
    const value = this.referred(reference, path);
    if (typeof value !== 'object' || value === null) return String(value);
    throw new ValueMistake(`${reference.written} is a ${value instanceof Map ? 'map' : 'list'}, which cannot be part of a text`);
  }

  private referred({ body }: Reference, path: ConfigPath): ConfigNode['value'] {
    const [head, ...more] = splitOutside(body, ':', 2);
    return more.length > 0 ? this.call(head, more[0], path) : this.key(String(this.value(head, path)), path);
  }

  private call(name: string, inner: string, path: ConfigPath): ConfigNode['value'] {
    const given = inner === '' ? [] : splitOutside(inner, ',').map((text) => this.argument(text, path));
    const known = { 'oc.env': [1, 2], 'oc.decode': [1, 1] } as Readonly<Record<string, readonly [number, number]>>;
    if (!Object.hasOwn(known, name)) {
      throw new ValueMistake(
        `there is no function ${name}. Known: ${Object.keys(known).join(', ')}.${didYouMean(name, Object.keys(known))}`,
      );
    }
    const [least, most] = known[name];
    if (given.length < least || given.length > most) {
      throw new ValueMistake(`${name} has ${given.length} arguments, expected ${least === most ? least : `${least} or ${most}`}`);
    }
    const [first, second] = given;
    if (name === 'oc.env') return environmentValue(String(first), second, this.environment);
    return first === null ? null : readElement(first, nodeAt(this.root, path)!.source).value;
  }

  /** An argument of a function: text, or null. */
  private argument(text: string, path: ConfigPath): string | null {
    if (text === 'null') return null;
    const given = text !== '' && isQuote(text[0]) ? unquoted(text) : text;
    const value = mayRefer(given) ? this.value(given, path) : given;
    if (typeof value === 'object' && value !== null) throw new ValueMistake(`${text} is not text`);
    return value === null ? null : String(value);
  }

  private key(written: string, from: ConfigPath): ConfigNode['value'] {
    return this.at(this.pathOf(written, from));
  }

  /** The place after following references, without reading its value. Undefined unless it is a single reference to an existing key. */
  followed({ node, path }: Place): Place | undefined {
    if (!mayRefer(node.value)) return { node, path };
    const [piece, ...more] = piecesOf(node.value);
    if (more.length > 0 || typeof piece === 'string') return undefined;
    const [key, ...inner] = splitOutside(piece.body, ':', 2);
    if (inner.length > 0) return undefined;
    this.enter(keyName(path));
    let place: Place | undefined = { node: this.root, path: [] };
    for (const part of this.pathOf(String(this.value(key, path)), path)) {
      const child: ConfigNode | undefined = nodeAt(place.node, [part]);
      place = child && this.followed({ node: child, path: [...place.path, part] });
      if (!place) return undefined;
    }
    this.chain.pop();
    return place;
  }

  private pathOf(written: string, from: ConfigPath): ConfigPath {
    const parts = /^(\.*)([^.]+(?:\.[^.]+)*)$/.exec(withoutBrackets(written.trim()));
    if (!parts) throw new ValueMistake(`\${${written}} names no key, expected one as in \${model.dim}`);
    const [, { length: up }, name] = parts;
    if (up > from.length) throw new ValueMistake(`\${${written}} leads out of the configuration: ${up} dots at depth ${from.length}`);
    return [...from.slice(0, up === 0 ? 0 : -up), ...name.split('.')];
  }

  private at(path: readonly (string | number)[]): ConfigNode['value'] {
    let node = this.root;
    let isResolved = false; // once a reference on the way has been followed
    for (let depth = 0; ; depth++) {
      const here = path.slice(0, depth);
      if (!isResolved && (depth === path.length || mayRefer(node.value))) {
        isResolved = mayRefer(node.value);
        node = this.target(node, here);
      }
      if (node.value === '???') throw new ValueMistake(`${keyName(here)} has no value yet (???). Give it one, as in ${keyName(here)}=...`);
      if (depth === path.length) return node.value;
      const child = nodeAt(node, [path[depth]]);
      if (!child)
        throw new ValueMistake(
          `there is no key ${keyName(path.slice(0, depth + 1))} in files and overrides.${this.guess(path, node, depth)}`,
        );
      node = child;
    }
  }

  private target(node: ConfigNode, path: ConfigPath): ConfigNode {
    const name = keyName(path);
    const isCollection = isMap(node) || isList(node);
    if (isCollection) this.enter(name);
    const resolved = this.node(node, path);
    if (isCollection) this.chain.pop();
    if (resolved.mistake !== undefined) throw new ValueMistake(`${name} has a mistake itself (${resolved.source})`);
    return resolved;
  }

  private guess(path: ConfigPath, parent: ConfigNode, depth: number): string {
    const sibling = isMap(parent) ? nearest(String(path[depth]), parent.value.keys()) : undefined;
    if (sibling !== undefined) return ` Did you mean ${keyName([...path.slice(0, depth), sibling, ...path.slice(depth + 1)])}?`;
    const places = [...leaves(this.root)].map(({ path: place }) => place).filter((place) => place.at(-1) === path.at(-1));
    return places.length === 0 ? '' : ` Did you mean ${places.map(keyName).join(' or ')}?`;
  }
}
