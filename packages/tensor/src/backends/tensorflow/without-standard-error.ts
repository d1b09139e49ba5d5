import { loadKoffi } from '@tass/onnx';

/**
 * Runs `start` with the process's standard error closed to native code: TensorFlow prints its options and the processor's features while it
 * is loaded, at any level of logging. Errors of loading are thrown, not printed. TF_CPP_MIN_LOG_LEVEL=0 asks for the messages.
 */
export function withoutStandardError<Result>(start: () => Result): Result {
  if (process.env.TF_CPP_MIN_LOG_LEVEL === '0') return start();
  const libc = loadKoffi().load('libc.so.6');
  const duplicate = libc.func('int dup(int)');
  const replace = libc.func('int dup2(int, int)');
  const close = libc.func('int close(int)');
  const standardError = 2;
  const kept = duplicate(standardError);
  const nowhere = libc.func('int open(const char*, int)')('/dev/null', 1);
  replace(nowhere, standardError);
  try {
    return start();
  } finally {
    replace(kept, standardError);
    close(nowhere);
    close(kept);
  }
}
