import type { z } from 'zod';
import { didYouMean } from '@tass/program';
import { ConfigError } from './config-error';
import type { ComposedConfig } from './compose';
import { withoutPassword } from './environment-value';
import { expectation } from './expectation';
import { limits } from './limits';
import { isList, isMap, keyName, leaves, nodeAt, type ConfigNode, type ConfigPath } from './node';
import { knownKeys, placesOf } from './schema-keys';

/**
 * The experiment as its schema's type, defaults filled in.
 * Throws one ConfigError with every mistake: unknown keys, values that the schema refuses, unreplaced `???`, references to nothing.
 */
export function checkConfig<Schema extends z.ZodType>(composed: ComposedConfig, schema: Schema): z.output<Schema> {
  const open = openValues(composed.tree);
  const parsed = schema.safeParse(composed.config);
  const refused = (parsed.error?.issues ?? []).filter(({ path }) => !open.has(keyName(path as ConfigPath)));
  const issues = [...open.values(), ...refused.flatMap((issue) => explain(issue, composed, schema))];
  if (issues.length > 0 || !parsed.success) throw new ConfigError(issues);
  return parsed.data;
}

/** A message for each value that is still `???`, by key. */
function openValues(tree: ConfigNode): Map<string, string> {
  const found = new Map<string, string>();
  for (const { path, node } of leaves(tree)) {
    const key = keyName(path);
    if (node.mistake !== undefined) found.set(key, node.mistake);
    else if (node.value === '???') found.set(key, `${node.source}: ${key} has no value yet (???). Give it one, as in ${key}=...`);
  }
  return found;
}

function explain(issue: z.core.$ZodIssue, { tree, config, sourceOf }: ComposedConfig, schema: z.ZodType): string[] {
  const path = issue.path as ConfigPath;
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, path, config);
    const unknown = (key: string) => {
      const full = [...path, key];
      const guess = didYouMean(key, known) || elsewhere(placesOf(key, schema).filter((place) => place !== keyName(full)));
      return `${sourceOf(full)}: ${keyName(full)} is not a known key. Known: ${known.join(', ') || 'none'}.${guess}`;
    };
    return issue.keys.map((key, index) => (index < limits.mistakes ? unknown(key) : `${keyName([...path, key])} is not a known key`)); // each guess takes time
  }
  const node = nodeAt(tree, path);
  const { text, options } = expectation(issue);
  const guess = typeof node?.value === 'string' ? didYouMean(node.value, options) : '';
  const found = node ? `is ${shown(node)}` : 'is missing';
  return [`${sourceOf(path)}: ${keyName(path) || 'the experiment'} ${found}, expected ${text}${guess && `.${guess}`}`];
}

const elsewhere = (places: readonly string[]): string => (places.length > 0 ? ` Did you mean ${places.join(' or ')}?` : '');

function shown(node: ConfigNode): string {
  if (isMap(node)) return `a map (${[...node.value.keys()].slice(0, limits.mistakes).join(', ')})`;
  if (isList(node)) return `a list of ${node.value.length}`;
  return typeof node.value === 'string' ? JSON.stringify(withoutPassword(node.value)) : String(node.value);
}
