import { expectArrays, writeCheckpoint, type NamedArrays, type State } from '@tass/checkpoints';
import { namedParameters, tf } from '@tass/tensor';

/** The values of tensors in the form of a checkpoint. */
export function arraysOf(named: ReadonlyMap<string, tf.Tensor>): NamedArrays {
  const entries = [...named].map(([name, tensor]) => [
    name,
    { dtype: 'F32', shape: [...tensor.shape], data: Float32Array.from(tensor.dataSync()) },
  ]);
  return Object.fromEntries(entries) as NamedArrays;
}

/** Tensors, owned by the caller, of the arrays of a checkpoint; in the order of `names`. */
export function tensorsOf(arrays: NamedArrays, names: Iterable<string>): Map<string, tf.Tensor> {
  return new Map([...names].map((name) => [name, tf.tensor(arrays[name].data as Float32Array, [...arrays[name].shape])]));
}

/** Writes a network's parameters alone, for scoring. Throws DiskError. */
export function writeParameters(file: string, named: ReadonlyMap<string, tf.Tensor>, state: State): void {
  writeCheckpoint(file, { arrays: arraysOf(named), state });
}

/**
 * The arrays that `writeParameters` wrote to `file`, as tensors that the caller owns. Throws CheckpointError if their names or shapes
 * differ from `like`.
 */
export function likeParameters(file: string, arrays: NamedArrays, like: object): Map<string, tf.Tensor> {
  const expected = namedParameters(like);
  expectArrays(file, arrays, Object.fromEntries([...expected].map(([name, { shape }]) => [name, shape])));
  return tensorsOf(arrays, expected.keys());
}
