import type { z } from 'zod';
import type { ConfigPath } from './node';

type Schema = z.core.$ZodType;

/**
 * The keys that `schema` knows for the map at `path` of `config`; in a discriminated union those of the option the map names.
 * Empty if any key is allowed, or where the schema has no map.
 */
export function knownKeys(schema: Schema, path: ConfigPath, config: unknown): string[] {
  return [...new Set(objectsAt(schema, path, config).flatMap((shape) => Object.keys(shape)))];
}

/** Every place in `schema` that has a key of this name, as full keys: `model.tsgPlus.threshold`. */
export function placesOf(name: string, schema: Schema): string[] {
  const { def } = bare(schema);
  if (def.type === 'union') return [...new Set(def.options.flatMap((option) => placesOf(name, option)))];
  if (def.type !== 'object') return [];
  return Object.entries(def.shape).flatMap(([key, child]) => [
    ...(key === name ? [key] : []),
    ...placesOf(name, child).map((below) => `${key}.${below}`),
  ]);
}

/** The shapes of the maps that are allowed at `path`. */
function objectsAt(wrapped: Schema, path: ConfigPath, value: unknown): Record<string, Schema>[] {
  const { def } = bare(wrapped);
  if (def.type === 'union') return unionOptions(def, value).flatMap((option) => objectsAt(option, path, value));
  if (path.length === 0) return def.type === 'object' ? [def.shape] : [];
  const [key, ...rest] = path;
  const inner = value !== null && typeof value === 'object' ? (value as Record<string | number, unknown>)[key] : undefined;
  const child = childAt(def, key);
  return child ? objectsAt(child, rest, inner) : [];
}

function childAt(def: Def, key: string | number): Schema | undefined {
  if (def.type === 'object') return Object.hasOwn(def.shape, key) ? def.shape[key] : undefined;
  if (def.type === 'record') return def.valueType;
  if (def.type === 'array') return def.element;
  return def.type === 'tuple' ? def.items[Number(key)] : undefined;
}

/** The options of a union that fit the discriminator in `value`; all of them when it has none or names none. */
function unionOptions(
  { options, discriminator }: { options: readonly Schema[]; discriminator?: string },
  value: unknown,
): readonly Schema[] {
  if (discriminator === undefined) return options;
  const named = (value as Record<string, unknown> | null | undefined)?.[discriminator];
  const fitting = options.filter((option) => {
    const { def } = bare(option);
    if (def.type !== 'object') return false;
    const kind = bare(def.shape[discriminator]).def;
    return kind.type === 'literal' && kind.values.includes(named ?? defaultOf(def.shape[discriminator]));
  });
  return fitting.length > 0 ? fitting : options;
}

const defaultOf = (schema: Schema): unknown => (schema as unknown as { def: { defaultValue?: unknown } }).def.defaultValue;

/** The kinds of zod schema that hold or lead to keys. */
type Def =
  | { type: 'object'; shape: Record<string, Schema> }
  | { type: 'union'; options: readonly Schema[]; discriminator?: string }
  | { type: 'literal'; values: readonly unknown[] }
  | { type: 'record'; valueType: Schema }
  | { type: 'array'; element: Schema }
  | { type: 'tuple'; items: readonly Schema[] }
  | { type: 'none' };

/** The schema below what wraps it: optional, default, nullable, readonly, transform. */
function bare(schema: Schema): { def: Def } {
  let inner = schema as unknown as { def: { innerType?: unknown; in?: unknown } };
  while (inner.def.innerType ?? inner.def.in) inner = (inner.def.innerType ?? inner.def.in) as typeof inner;
  return inner as unknown as { def: Def };
}
