import { InferenceSession } from 'onnxruntime-node';

/**
 * Opens a model from memory with `threads` threads of its own. One thread gives the same bits each time and suits several
 * worker processes; `file` names the model in errors.
 */
export async function createSession(bytes: Uint8Array, file: string, threads: number): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(bytes, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
    });
  } catch (cause) {
    throw new Error(`${file}: onnxruntime cannot load the model (${(cause as Error).message}). Fetch or export the file again`, { cause });
  }
}
