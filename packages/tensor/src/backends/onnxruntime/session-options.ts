import { addressFrom, loadCApi, type Pointer } from './c-api';

/** Where onnxruntime computes: its execution providers that steps are compiled for. */
export type ExecutionProvider = 'cpu' | 'webgpu';

export interface SessionSettings {
  readonly threads: number;
  readonly provider: ExecutionProvider;
  readonly onCpu?: readonly string[]; // names of nodes that the CPU computes, whatever the provider
}

const noOptimisation = 0; // ORT_DISABLE_ALL: the graph is recorded in its final form, and the search for more takes longer than all the rest

/** The options of a session, to be released. */
export function createSessionOptions({ threads, provider, onCpu = [] }: SessionSettings): Pointer {
  const api = loadCApi();
  const options = addressFrom((place) => api.CreateSessionOptions(place));
  api.SetIntraOpNumThreads(options, threads);
  api.SetInterOpNumThreads(options, 1);
  api.SetSessionGraphOptimizationLevel(options, noOptimisation);
  api.AddSessionConfigEntry(options, 'session.use_env_allocators', '1');
  api.AddSessionConfigEntry(options, 'session.intra_op.allow_spinning', '0'); // a waiting thread that spins takes the core from other programs
  if (provider === 'webgpu') {
    const entries = onCpu.length > 0 ? { forceCpuNodeNames: onCpu.join('\n') } : {};
    const [keys, values] = [Object.keys(entries), Object.values(entries)];
    api.SessionOptionsAppendExecutionProvider(options, 'WebGPU', keys, values, keys.length);
    api.AddSessionConfigEntry(options, 'session.record_ep_graph_assignment_info', '1');
  }
  return options;
}
