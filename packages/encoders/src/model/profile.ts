import { readFileSync } from 'node:fs';

/** How many nodes of a model each provider ran. */
export type NodesByProvider = Readonly<Record<string, number>>;

interface ProfileEvent {
  readonly cat: string;
  readonly args?: { readonly provider?: string; readonly node_index?: string; readonly op_name?: string };
}

/**
 * Counts the nodes in a profile that onnxruntime wrote, each once however often it ran, without the copies between devices that it adds.
 * Source: onnxruntime's docs, "Profiling tools".
 */
export function nodesIn(profile: string): NodesByProvider {
  const events = JSON.parse(readFileSync(profile, 'utf8')) as readonly ProfileEvent[];
  const nodes = new Map<string, string>();
  for (const { cat, args } of events) {
    if (cat !== 'Node' || args?.provider === undefined || args.op_name?.startsWith('Memcpy')) continue;
    nodes.set(args.node_index ?? '', args.provider.replace(/ExecutionProvider$/, '').toLowerCase());
  }
  const counts: Record<string, number> = {};
  for (const provider of [...nodes.values()].sort()) counts[provider] = (counts[provider] ?? 0) + 1;
  return counts;
}
