import type { ComposedConfig } from './compose';
import { nodeOf } from './node';

/** A program's values as a configuration; the place of each is `source`. */
export const configOf = (values: Readonly<Record<string, unknown>>, source: string): ComposedConfig => ({
  config: values,
  tree: nodeOf(values, source),
  sourceOf: () => source,
});
