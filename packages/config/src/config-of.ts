import type { ComposedConfig } from './compose';
import { nodeOf } from './node';

/** Values that a program has, as a configuration whose every place is `source`. */
export const configOf = (values: Readonly<Record<string, unknown>>, source: string): ComposedConfig => ({
  config: values,
  tree: nodeOf(values, source),
  sourceOf: () => source,
});
