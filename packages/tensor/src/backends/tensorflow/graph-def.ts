import { bytesField, floatField, integerField } from './protobuf';
import { constants } from './constants';

/** The nodes of a tensorflow.GraphDef (tensorflow/core/framework/{graph,node_def,attr_value,tensor}.proto), each as the bytes of its field. */

/** Where a value comes from: a node's name, with `:n` for its n-th output from the second on. */
export type Source = string;

const producer = 1882; // version of the graph format, as written by TensorFlow 2.16 and read by all later ones

export function graphDef(nodes: readonly Buffer[]): Buffer {
  return Buffer.concat([...nodes, bytesField(4, integerField(1, producer))]);
}

export function placeholder(name: string, dtype: number, shape: readonly number[]): Buffer {
  const dims = dtype === constants.TF_RESOURCE ? integerField(3, 1) : shapeOf(shape); // of a resource: unknown rank
  return node(name, 'Placeholder', [], [attribute('dtype', integerField(6, dtype)), attribute('shape', bytesField(7, dims))]);
}

export function constant(name: string, dtype: number, shape: readonly number[], values: ArrayLike<number>, bytes: Uint8Array): Buffer {
  const tensor = [integerField(1, dtype), bytesField(2, shapeOf(shape)), content(dtype, values, bytes)];
  return node(name, 'Const', [], [attribute('dtype', integerField(6, dtype)), attribute('value', bytesField(8, ...tensor))]);
}

/** `attributes`: the bytes of each entry of the map `attr`, without the field's number. */
export function operation(
  name: string,
  kind: string,
  inputs: readonly Source[],
  after: readonly string[],
  attributes: readonly Buffer[],
): Buffer {
  const entries = attributes.map((entry) => bytesField(5, entry));
  return node(name, kind, [...inputs, ...after.map((other) => `^${other}`)], entries);
}

function node(name: string, kind: string, inputs: readonly string[], attributes: readonly Buffer[]): Buffer {
  return bytesField(1, bytesField(1, name), bytesField(2, kind), ...inputs.map((input) => bytesField(3, input)), ...attributes);
}

function attribute(name: string, value: Buffer): Buffer {
  return bytesField(5, bytesField(1, name), bytesField(2, value));
}

function shapeOf(shape: readonly number[]): Buffer {
  return Buffer.concat(shape.map((size) => bytesField(2, integerField(1, size))));
}

/** Values that are all the same are written once, which TensorFlow repeats: the ones and zeros of gradients stay small. */
function content(dtype: number, values: ArrayLike<number>, bytes: Uint8Array): Buffer {
  const write = oneValue[dtype];
  for (let i = 1; i < values.length; i++) if (!Object.is(values[i], values[0])) return bytesField(4, bytes);
  return write && values.length > 1 ? write(values[0]) : bytesField(4, bytes);
}

const oneValue: Partial<Record<number, (value: number) => Buffer>> = {
  [constants.TF_FLOAT]: (value) => floatField(5, value),
  [constants.TF_INT32]: (value) => integerField(7, value),
  [constants.TF_BOOL]: (value) => integerField(11, value),
};
