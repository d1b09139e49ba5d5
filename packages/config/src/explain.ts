import { stringify } from 'yaml';
import type { ComposedExperiment } from './compose';
import type { DefaultsFile } from './composition';
import { isList, isMap, keyName, leaves, nodeAt, plainValue, type ConfigNode, type ConfigPath } from './node';
import { mayRefer } from './references';
import { toYaml } from './yaml';

/** The configuration as written in files and overrides, references unresolved, as YAML. */
export const writtenYaml = ({ written }: ComposedExperiment): string => toYaml(plainValue(written));

/** An experiment's files, who chose them, and where each of its values was written; for people. */
export function explainDefaults(composed: ComposedExperiment): string {
  const files = composed.defaults.flatMap((file) => fileRows(file, ''));
  const values = valueRows(composed.tree, []).map(([path, node]) => [
    keyName(path),
    node.mistake === undefined ? `${flow(node)}${asWritten(composed.written, path)}` : `${String(node.value)}, which cannot be read`,
    composed.sourceOf(path),
  ]);
  return `Files of ${composed.name}; later ones override earlier ones:\n${table(files)}\n\nValues:\n${table(values)}`;
}

function fileRows({ name, file, chosenBy, insteadOf, parts }: DefaultsFile, indent: string): string[][] {
  const place = indent === '' && typeof file === 'string' && !chosenBy.startsWith('override ') ? file : chosenBy;
  const replaced = insteadOf === undefined ? '' : `, instead of ${insteadOf.option} (${insteadOf.source})`;
  const absent = file === undefined ? ', optional and not there' : file === null ? ', none is chosen' : '';
  const own = parts.length === 1 && parts[0] === '_self_' ? [] : parts;
  const below = own.flatMap((part) => (part === '_self_' ? [[`${indent}  _self_`, '']] : fileRows(part, `${indent}  `)));
  return [[`${indent}${name}`, `${place}${replaced}${absent}`], ...below];
}

/** Every value, lists whole. */
function valueRows(node: ConfigNode, path: ConfigPath): (readonly [ConfigPath, ConfigNode])[] {
  if (!isMap(node) || node.value.size === 0) return [[path, node]];
  return [...node.value].flatMap(([key, child]) => valueRows(child, [...path, key]));
}

const flow = (node: ConfigNode): string =>
  stringify(plainValue(node), { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 }).trimEnd();

/** The written form of a value that is a reference or contains some. */
function asWritten(written: ConfigNode, path: ConfigPath): string {
  for (let depth = 1; depth <= path.length; depth++) {
    const node = nodeAt(written, path.slice(0, depth));
    if (node && mayRefer(node.value)) return `  = ${node.value}`;
    if (node && isList(node)) return [...leaves(node)].some((leaf) => mayRefer(leaf.node.value)) ? `  = ${flow(node)}` : '';
  }
  return '';
}

/** Rows with their columns aligned; a cell far wider than the others does not widen its column. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.min(60, Math.max(...rows.map((row) => row[column].length))));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('   ')
      .trimEnd();
  return rows.map((row) => `  ${line(row)}`).join('\n');
}
