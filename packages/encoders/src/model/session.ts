import { dirname } from 'node:path';
import { alsoOnGpu, type FoundProvider, loadCudaProvider, provideEnvironment } from '@tass/onnx';
import { InferenceSession } from 'onnxruntime-node';

process.env.ORT_DISABLE_TELEMETRY = '1'; // before its first session: by default onnxruntime sends events to its maker

export type ProviderName = FoundProvider['name'];

/** How a model is run. */
export interface SessionOptions {
  readonly threads?: number; // of onnxruntime, for what runs on the CPU; default 1
  readonly provider?: ProviderName; // default cpu
  readonly profile?: string; // the path at which the name of a file begins that gets a line for each node that runs; slow
}

/** A loaded model. */
export type Session = Pick<InferenceSession, 'inputNames' | 'outputNames' | 'inputMetadata' | 'run' | 'release'>;

/**
 * Opens a model from memory with threads of its own. One thread gives the same bits each time and suits several worker processes; `file`
 * names the model in errors, and weights that lie in files of their own are looked for beside it. What `provider` cannot run, the CPU does.
 * Throws for a file that is no model, and where the provider refuses it.
 */
export async function createSession(bytes: Uint8Array, file: string, options: SessionOptions = {}): Promise<Session> {
  const { threads = 1, provider = 'cpu', profile } = options;
  try {
    if (provider === 'cuda') prepareCuda();
    const session = await InferenceSession.create(bytes, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
      extra: { session: { model_external_initializers_file_folder_path: dirname(file) } },
      ...(provider === 'cpu' ? {} : { executionProviders: [provider] }),
      ...(profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: profile }),
    });
    return provider === 'cpu' && profile === undefined ? session : watched(session, file, options);
  } catch (cause) {
    const said = inOneLine(cause);
    const remedy = provider === 'cpu' ? 'Fetch or export the file again' : remedyFor(said);
    throw new Error(`${file}: onnxruntime cannot load the model${provider === 'cpu' ? '' : ` on ${provider}`} (${said}). ${remedy}`, {
      cause,
    });
  }
}

/** By default newer GPUs round the factors of products to 10 bits (TF32); a variable that the user has set stays. */
function prepareCuda(): void {
  provideEnvironment({ NVIDIA_TF32_OVERRIDE: '0' });
  loadCudaProvider();
}

/** Not every device computes in half precision, and other programs may have taken its memory, or all of it. */
function remedyFor(said: string): string {
  if (/requires f16/.test(said)) return 'Set features.dtype=fp32, or features.device=cpu';
  return `Set features.device=cpu, or another provider; if its memory is full, features.workers=1 or features.dtype=fp16${alsoOnGpu()}`;
}

/** A device can be lost, or out of memory, at any time, and onnxruntime does not say what to do then. A profile is written as the model is closed. */
function watched(session: InferenceSession, file: string, { provider = 'cpu', profile }: SessionOptions): Session {
  const { inputNames, outputNames, inputMetadata } = session;
  const run = async (...given: Parameters<InferenceSession['run']>) => {
    try {
      return await session.run(...given);
    } catch (cause) {
      throw new Error(
        `${file}: ${provider} failed (${inOneLine(cause)}). What is finished is kept. features.workers=1 needs less of the device's memory; features.device=cpu does without it${alsoOnGpu()}`,
        { cause },
      );
    }
  };
  const release = (): Promise<void> => {
    if (profile !== undefined) session.endProfiling();
    return session.release();
  };
  return { inputNames, outputNames, inputMetadata, run: run as InferenceSession['run'], release };
}

const inOneLine = (error: unknown): string => (error as Error).message.trim().replaceAll(/\s+/g, ' ');
