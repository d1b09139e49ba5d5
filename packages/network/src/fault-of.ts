import type { Network } from './network';

/** Names of figures of the harness itself. */
export const reserved: readonly string[] = ['total', 'answer', 'gradientNorm'];

/** The reason why a value is not a network of this name, to follow "it"; undefined for a valid one. */
export function faultOf(value: unknown, name: string): string | undefined {
  if (value === null || typeof value !== 'object') return 'exports no `network`';
  const { name: given, settings, losses: always = [], optionalLosses = [], ...rest } = value as Partial<Network<object, object>>;
  if (given !== name) return `exports a network named ${given}, expected the name of its file, ${name}`;
  if (typeof settings?.shape !== 'object') return 'has no `settings`, expected a z.strictObject of its keys in model.*';
  if ('network' in settings.shape) return 'has a setting named network, which is the key that names it';
  const missing = (['needs', 'initialize', 'forward'] as const).find((method) => typeof rest[method] !== 'function');
  if (missing) return `has no \`${missing}\``;
  const losses = [...always, ...optionalLosses];
  const taken = losses.find((loss, index) => reserved.includes(loss) || losses.indexOf(loss) !== index);
  return taken === undefined ? undefined : `has a loss named ${taken}, which is in use. Give it another name`;
}
