import { addressFrom, loadCApi, type Pointer } from './c-api';
import type { NativeValue } from './native-value';

export type NamedValues = ReadonlyMap<string, NativeValue>;

const noOptimisation = 0; // ORT_DISABLE_ALL: the graph is recorded in its final form, and the search for more takes longer than all the rest
const [arenaAllocator, defaultMemory] = [1, 0]; // OrtArenaAllocator, OrtMemTypeDefault
const fatalOnly = 4; // ORT_LOGGING_LEVEL_FATAL: errors are thrown

let environment: Pointer | undefined;

/** A model that onnxruntime has loaded. To be disposed. */
export class InferenceSession {
  private constructor(
    private readonly pointer: Pointer,
    readonly model: Uint8Array, // held until it has been read: koffi does not
  ) {}

  /** Loads a model's bytes, on a thread of its own. Throws onnxruntime's message. */
  static async create(model: Uint8Array, threads: number): Promise<InferenceSession> {
    const api = loadCApi();
    environment ??= createEnvironment();
    const options = addressFrom((place) => api.CreateSessionOptions(place));
    try {
      api.SetIntraOpNumThreads(options, threads);
      api.SetInterOpNumThreads(options, 1);
      api.SetSessionGraphOptimizationLevel(options, noOptimisation);
      api.AddSessionConfigEntry(options, 'session.use_env_allocators', '1');
      api.AddSessionConfigEntry(options, 'session.intra_op.allow_spinning', '0'); // a waiting thread that spins takes the core from other programs
      const place: [Pointer | null] = [null];
      await api.createSessionAsync(environment, model, model.length, options, place);
      return new InferenceSession(place[0] as Pointer, model);
    } finally {
      api.ReleaseSessionOptions(options);
    }
  }

  /** Runs the model on threads of its own: results are written into the arrays of `outputs`. */
  async run(inputs: NamedValues, outputs: NamedValues): Promise<void> {
    const [given, made] = [inputs, outputs].map((values) => [[...values.keys()], [...values.values()].map(({ pointer }) => pointer)]);
    await loadCApi().runAsync(this.pointer, null, ...given, inputs.size, made[0], outputs.size, made[1]);
  }

  dispose(): void {
    loadCApi().ReleaseSession(this.pointer);
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
