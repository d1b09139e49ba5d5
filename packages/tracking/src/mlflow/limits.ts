import { createHash } from 'node:crypto';
import type { MetricsRecord } from '../journal';

/** What MLflow takes, as measured on 3.17. */
export const limits = { metrics: 1000, params: 100, tags: 100, key: 250, param: 6000, tag: 8000, name: 250, digest: 36 } as const;

export interface Entry {
  readonly key: string;
  readonly value: string;
}

export interface Point {
  readonly key: string;
  readonly value: number | string; // what is not finite as text: as a bare number it would cost the whole batch
  readonly timestamp: number;
  readonly step: number;
}

/**
 * The name itself where MLflow takes it, else with `_` for each character and path part that it refuses, cut to its length; then the end
 * is a hash of the name, so that two names stay two.
 */
export function keyOf(name: string): string {
  const parts = name.replaceAll(/[^\p{L}\p{Nd}_\-. :/]/gu, '_').split('/');
  const key = parts.map((part) => (/^\.{0,2}$/.test(part) ? '_' : part)).join('/');
  if (key === name && name.length <= limits.key) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${cut(key, limits.key - 9)}-${hash}`;
}

export const param = (name: string, value: string): Entry => ({ key: keyOf(name), value: shortened(value, limits.param) });
export const tag = (name: string, value: string): Entry => ({ key: keyOf(name), value: shortened(value, limits.tag) });
export const nameOf = (text: string): string => shortened(text, limits.name);

/** MLflow would cut it without a word; this says at its end how much is missing. */
function shortened(value: string, length: number): string {
  if (value.length <= length) return value;
  const mark = `... (${value.length} characters)`;
  return cut(value, length - mark.length) + mark;
}

/** Never between the two halves of a character. */
const cut = (text: string, length: number): string => text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');

/** Counts up whenever the same figures get other names or steps, so that they are sent once more. */
export const POINTS_VERSION = 2;

/**
 * MLflow's pages show charts in sections, one for what precedes the last slash of a name, by the alphabet; names without a slash come last. So the
 * curves of train and val open a page, and what would come before them has dots. Values of test belong to no step: of step 0 MLflow draws bars.
 */
export const pointOf = (name: string, step: number): { key: string; step: number } => ({
  key: keyOf(/^(test|throughput)\//.test(name) ? name.replaceAll('/', '.') : name),
  step: name.startsWith('test/') ? 0 : step,
});

function pointsOf({ step, time, values }: MetricsRecord): Point[] {
  return Object.entries(values).map(([name, value]) => ({
    ...pointOf(name, step),
    value: Number.isFinite(value) ? value : String(value),
    timestamp: time,
  }));
}

/** Whole records together while they fit into one request; a record that is larger than that comes in several pieces of its own. */
export function batchesOf(records: readonly MetricsRecord[]): { readonly points: Point[]; readonly records: number }[] {
  const batches: { points: Point[]; records: number }[] = [];
  let last: { points: Point[]; records: number } | undefined;
  for (const record of records) {
    const points = pointsOf(record);
    if (last && last.points.length + points.length <= limits.metrics) {
      last.points.push(...points);
      last.records++;
      continue;
    }
    const pieces = chunks(points, limits.metrics);
    const added = (pieces.length > 0 ? pieces : [[]]).map((piece) => ({ points: piece, records: 0 }));
    last = added.at(-1)!;
    last.records = 1; // the record is there with its last piece
    batches.push(...added);
  }
  return batches;
}

export function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}
