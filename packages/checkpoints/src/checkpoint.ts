import { parseJson } from '@tass/files';
import { CheckpointError } from './checkpoint-error';
import type { NamedArrays } from './named-arrays';
import { damaged, readSafetensors, writeSafetensors } from './safetensors';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** By key. */
export type State = { readonly [key: string]: Json };

export interface Checkpoint {
  readonly arrays: NamedArrays;
  readonly state: State; // what else a resumed run needs: epoch, step, seed, random state, best figure
}

/**
 * Writes the arrays and, as JSON in the metadata, the state. Atomic; the same input gives the same bytes.
 * Throws DiskError; Error when the state holds what JSON would change (NaN, Infinity, undefined, typed arrays).
 */
export function writeCheckpoint(file: string, { arrays, state }: Checkpoint): void {
  refuseLossy(state, 'state');
  writeSafetensors(file, arrays, { format: 'tass', state: JSON.stringify(state) });
}

/** Reads what writeCheckpoint wrote; `check` is given all bytes of the file. Throws CheckpointError: not there, truncated, a single changed byte, not a checkpoint of this project. */
export function readCheckpoint(file: string, check?: (bytes: Uint8Array) => void): Checkpoint {
  const { arrays, metadata } = readSafetensors(file, check);
  if (metadata.state === undefined || metadata.sha256 === undefined) {
    throw new CheckpointError(file, 'a safetensors file, but not a checkpoint of this project (no state or no sha256). Name another file');
  }
  const state = parsed(metadata.state);
  if (typeof state !== 'object' || state === null || Array.isArray(state))
    throw new CheckpointError(file, `its state is not a map of keys. ${damaged}`);
  return { arrays, state: state as State };
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/**
 * Throws CheckpointError unless `arrays` has exactly the names of `shapes`, each with its shape; lists all that are missing, unexpected
 * and of another shape.
 */
export function expectArrays(file: string, arrays: NamedArrays, shapes: Readonly<Record<string, readonly number[]>>): void {
  const brackets = (shape: readonly number[]) => `[${shape.join(', ')}]`;
  const expected = Object.entries(shapes);
  const missing = expected.filter(([name]) => !Object.hasOwn(arrays, name)).map(([name, shape]) => `${name} ${brackets(shape)}`);
  const unexpected = Object.entries(arrays).filter(([name]) => !Object.hasOwn(shapes, name));
  const misshapen = expected
    .filter(([name, shape]) => Object.hasOwn(arrays, name) && brackets(arrays[name].shape) !== brackets(shape))
    .map(([name, shape]) => `${name} is ${brackets(arrays[name].shape)}, expected ${brackets(shape)}`);
  const findings = [
    ...summary('other shapes', misshapen),
    ...summary('missing', missing),
    ...summary(
      'unexpected',
      unexpected.map(([name, { shape }]) => `${name} ${brackets(shape)}`),
    ),
  ];
  if (findings.length === 0) return;
  const advice = 'Take the configuration it was trained with, or another checkpoint';
  throw new CheckpointError(file, `of another network than the one configured: ${findings.join('. ')}. ${advice}`);
}

function summary(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const rest = lines.length > 8 ? `; and ${lines.length - 8} more` : '';
  return [`${lines.length} ${title}: ${lines.slice(0, 8).join('; ')}${rest}`];
}

function refuseLossy(value: unknown, key: string): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) return;
  const plain = Array.isArray(value) || (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype);
  if (!plain) throw new Error(`${key} is ${String(value)}, which JSON cannot keep`);
  for (const [name, child] of Object.entries(value as object)) refuseLossy(child, `${key}.${name}`);
}
