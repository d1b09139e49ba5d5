import type { Tensor } from '@tensorflow/tfjs';

/** What our operations can use while a step is recorded. */
export interface RecordingContext {
  /** Announces a tensor that the host makes again at every call. */
  readonly feed: (tensor: Tensor, make: () => number | Float32Array) => void;
}

let current: RecordingContext | undefined;

export const recordingContext = {
  /** Undefined where nothing is recorded. */
  get current(): RecordingContext | undefined {
    return current;
  },

  during<Result>(context: RecordingContext, work: () => Result): Result {
    current = context;
    try {
      return work();
    } finally {
      current = undefined;
    }
  },
};
