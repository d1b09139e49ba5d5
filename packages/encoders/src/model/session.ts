import { dirname } from 'node:path';
import { InferenceSession } from 'onnxruntime-node';

process.env.ORT_DISABLE_TELEMETRY = '1'; // before its first session: by default onnxruntime sends events to its maker

/**
 * Opens a model from memory with `threads` threads of its own. One thread gives the same bits each time and suits several
 * worker processes; `file` names the model in errors, and weights that lie in files of their own are looked for beside it.
 */
export async function createSession(bytes: Uint8Array, file: string, threads: number): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(bytes, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
      extra: { session: { model_external_initializers_file_folder_path: dirname(file) } },
    });
  } catch (cause) {
    throw new Error(`${file}: onnxruntime cannot load the model (${(cause as Error).message}). Fetch or export the file again`, { cause });
  }
}
