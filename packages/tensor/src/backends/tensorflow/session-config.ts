export interface SessionOptions {
  readonly threads: number; // 0: TensorFlow's choice
  readonly gpu: boolean; // whether a GPU may be used
}

const [varint, bytes] = [0, 2]; // kinds of protobuf's wire form

/**
 * tensorflow.ConfigProto in protobuf's wire form: intra_op_parallelism_threads (field 2), inter_op_parallelism_threads (5), and either no GPU
 * in device_count (1), or in gpu_options (6) allow_growth (4), so that its memory is not all taken at once, and visible_device_list (5),
 * so that only the first of several GPUs is opened; CUDA_VISIBLE_DEVICES chooses it.
 */
export function sessionConfig({ threads, gpu }: SessionOptions): Uint8Array {
  if (threads >= 2 ** 14) throw new RangeError(`TensorFlow: threads is ${threads}, expected less than ${2 ** 14}`); // two bytes hold no more
  const count = threads < 2 ** 7 ? [threads] : [(threads & 0x7f) | 0x80, threads >> 7];
  const parallelism = threads === 0 ? [] : [...field(2, varint, count), ...field(5, varint, count)];
  const noGpu = gpu ? [] : message(1, [...message(1, Buffer.from('GPU')), ...field(2, varint, [0])]);
  const firstGpu = gpu ? message(6, [...field(4, varint, [1]), ...message(5, Buffer.from('0'))]) : [];
  return Uint8Array.of(...noGpu, ...parallelism, ...firstGpu);
}

function field(number: number, kind: number, content: Iterable<number>): number[] {
  return [(number << 3) | kind, ...content];
}

function message(number: number, content: Iterable<number>): number[] {
  const all = [...content];
  return field(number, bytes, [all.length, ...all]);
}
