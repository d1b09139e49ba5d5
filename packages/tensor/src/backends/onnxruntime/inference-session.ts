import { addressesAt, addressFrom, loadCApi, type Pointer } from './c-api';
import { createSessionOptions, type SessionSettings } from './session-options';

/** Tensors of onnxruntime by the model's names, in the memory of JavaScript or of a device. */
export type NamedValues = ReadonlyMap<string, { readonly pointer: Pointer }>;

const [arenaAllocator, defaultMemory] = [1, 0]; // OrtArenaAllocator, OrtMemTypeDefault
const fatalOnly = 4; // ORT_LOGGING_LEVEL_FATAL: errors are thrown

let environment: Pointer | undefined;

/** A model that onnxruntime has loaded. To be disposed. */
export class InferenceSession {
  private constructor(
    private readonly pointer: Pointer,
    readonly model: Uint8Array, // held until it has been read: koffi does not
  ) {}

  /** Loads a model's bytes: on a thread of its own, or for a GPU at once, as nothing else may use that meanwhile. Throws onnxruntime's message. */
  static async create(model: Uint8Array, settings: SessionSettings): Promise<InferenceSession> {
    const api = loadCApi();
    environment ??= createEnvironment();
    const options = createSessionOptions(settings);
    try {
      const place: [Pointer | null] = [null];
      const given = [environment, model, model.length, options, place];
      if (settings.provider === 'cpu') await api.createSessionAsync(...given);
      else api.CreateSessionFromArray(...given);
      return new InferenceSession(place[0] as Pointer, model);
    } finally {
      api.ReleaseSessionOptions(options);
    }
  }

  /** Runs the model on threads of its own: results are written into the memory of `outputs`. */
  async run(inputs: NamedValues, outputs: NamedValues): Promise<void> {
    await loadCApi().runAsync(...this.wordsOf(inputs, outputs));
  }

  /** The same at once: JavaScript waits. */
  runNow(inputs: NamedValues, outputs: NamedValues): void {
    loadCApi().Run(...this.wordsOf(inputs, outputs));
  }

  /** An allocator for the memory in which an execution provider of this InferenceSession computes. */
  createAllocator(memory: Pointer): Pointer {
    return addressFrom((place) => loadCApi().CreateAllocator(this.pointer, memory, place));
  }

  /** Operations that the CPU computes in a session for another provider, by the names of their nodes. */
  operationsOnCpu(): ReadonlyMap<string, string> {
    const api = loadCApi();
    const listed = (list: (place: [Pointer | null], count: [number]) => void): readonly Pointer[] => {
      const [place, count]: [[Pointer | null], [number]] = [[null], [0]];
      list(place, count);
      return addressesAt(place[0], count[0]);
    };
    const textFrom = (make: (place: [string | null]) => void): string => {
      const place: [string | null] = [null];
      make(place);
      return place[0] ?? '';
    };
    const parts = listed((place, count) => api.Session_GetEpGraphAssignmentInfo(this.pointer, place, count));
    const onCpu = parts.filter((part) => textFrom((place) => api.EpAssignedSubgraph_GetEpName(part, place)) === 'CPUExecutionProvider');
    const nodes = onCpu.flatMap((part) => listed((place, count) => api.EpAssignedSubgraph_GetNodes(part, place, count)));
    return new Map(
      nodes.map((node) => [
        textFrom((place) => api.EpAssignedNode_GetName(node, place)),
        textFrom((place) => api.EpAssignedNode_GetOperatorType(node, place)),
      ]),
    );
  }

  dispose(): void {
    loadCApi().ReleaseSession(this.pointer);
  }

  private wordsOf(inputs: NamedValues, outputs: NamedValues): unknown[] {
    const [given, made] = [inputs, outputs].map((values) => [[...values.keys()], [...values.values()].map(({ pointer }) => pointer)]);
    return [this.pointer, null, ...given, inputs.size, made[0], outputs.size, made[1]];
  }
}

/** All sessions share one arena; an arena for each session would keep the memory of its largest run. */
function createEnvironment(): Pointer {
  const api = loadCApi();
  const made = addressFrom((place) => api.CreateEnv(fatalOnly, 'tass', place));
  const arena = addressFrom((place) => api.CreateCpuMemoryInfo(arenaAllocator, defaultMemory, place));
  api.CreateAndRegisterAllocator(made, arena, null);
  return made;
}
