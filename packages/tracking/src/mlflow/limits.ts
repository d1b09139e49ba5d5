import { createHash } from 'node:crypto';
import type { MetricsRecord } from '../journal';

/** Limits of MLflow, measured on 3.17. */
export const limits = { metrics: 1000, params: 100, tags: 100, key: 250, param: 6000, tag: 8000, name: 250, digest: 36 } as const;

export interface Entry {
  readonly key: string;
  readonly value: string;
}

export interface Point {
  readonly key: string;
  readonly value: number | string; // values that are not finite are sent as text, because MLflow would reject the whole batch
  readonly timestamp: number;
  readonly step: number;
}

/**
 * The name if MLflow accepts it. Otherwise replaces each character or path part that it refuses with `_`, and cuts the name; it then ends
 * in a hash, so that two names stay different.
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

/** MLflow would cut the text silently; this adds how much is missing. */
function shortened(value: string, length: number): string {
  if (value.length <= length) return value;
  const mark = `... (${value.length} characters)`;
  return cut(value, length - mark.length) + mark;
}

/** Never cuts between the two halves of a surrogate pair. */
const cut = (text: string, length: number): string => text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');

/** Increase this when figures get new names or steps, so that they are sent again. */
export const POINTS_VERSION = 2;

/**
 * MLflow's pages group charts into sections by the part of a name before its last slash, sorted alphabetically; names without a slash come
 * last. So the curves of train and val come first, and names that would precede them have dots. Test values have step 0, because MLflow
 * draws bars for step 0.
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

/** Groups records that fit into one request; a larger record is split over several requests. */
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
    last.records = 1; // the record is complete with its last piece
    batches.push(...added);
  }
  return batches;
}

export function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}
