/**
 * The canonical JSON of a value: keys sorted, no blanks, keys without a value left out. Two values have the same text only if they are
 * equal. Throws TypeError for values that JSON would silently change: NaN, infinities, dates, functions.
 */
export function canonicalJson(value: unknown, path = 'the value'): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item, index) => canonicalJson(item, `${path}[${index}]`)).join(',')}]`;
  if (isPlainObject(value)) {
    const present = Object.entries(value).filter(([, child]) => child !== undefined);
    const sorted = present.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${sorted.map(([key, child]) => `${JSON.stringify(key)}:${canonicalJson(child, `${path}.${key}`)}`).join(',')}}`;
  }
  throw new TypeError(`${path} is ${String(value)}, expected a map, a list, text, a finite number, true, false or null`);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null; // also from another realm, as in specs
}
