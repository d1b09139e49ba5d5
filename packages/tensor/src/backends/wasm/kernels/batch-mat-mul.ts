import { broadcast_util, util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { transposeMatrices } from './transpose-matrices';
import type { WasmKernel } from './types';

interface MatMulAttributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}
type Multiply = (
  a: number,
  aShape: Uint8Array,
  aRank: 3,
  b: number,
  bShape: Uint8Array,
  bRank: 3,
  transposeA: number,
  transposeB: number,
  output: number,
) => void;
interface MatMulSize extends MatMulAttributes {
  readonly rows: number; // of the product
  readonly inner: number;
  readonly columns: number; // of the product
}

let multiply: Multiply;

/**
 * Products of matrices over broadcast leading axes. The package hands one untransposed product to XNNPACK and runs a scalar loop, about ten
 * times slower, over all others; backward passes are made of those. Here each product takes the form that `cheapestForm` expects to be the
 * fastest: the scalar loop, XNNPACK matrix by matrix on operands that were transposed first, or XNNPACK on the transposed product.
 */
export const batchMatMul: WasmKernel<'a' | 'b', MatMulAttributes> = {
  name: 'BatchMatMul',
  setup(backend) {
    const wasm = backend.wasm as unknown as { cwrap(name: string, returns: null, parameters: string[]): Multiply };
    multiply = wasm.cwrap('BatchMatMul', null, ['number', 'array', 'number', 'number', 'array', 'number', 'number', 'number', 'number']);
  },
  run({ a, b }, backend, { transposeA, transposeB }) {
    const size = sizeOf(a, b, transposeA, transposeB);
    const batch = broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
    const shape = [...batch, size.rows, size.columns];
    if (util.sizeFromShape(shape) === 0 || size.inner === 0) {
      const output = backend.makeOutput(shape, 'float32');
      backend.typedArrayFromHeap(output).fill(0);
      return output;
    }
    switch (cheapestForm(size)) {
      case 'scalar':
        return multiplyStacks(a, b, size, batch, backend, 'in one call');
      case 'direct':
        return withTransposed(backend, [transposeA ? a : undefined, transposeB ? b : undefined], ([aTurned = a, bTurned = b]) =>
          multiplyStacks(aTurned, bTurned, { ...size, transposeA: false, transposeB: false }, batch, backend, 'each by itself'),
        );
      case 'swapped': // (a b)^T = b^T a^T
        return withTransposed(backend, [transposeA ? undefined : a, transposeB ? undefined : b], ([aTurned = a, bTurned = b]) => {
          const swapped = { rows: size.columns, inner: size.inner, columns: size.rows, transposeA: false, transposeB: false };
          const turned = multiplyStacks(bTurned, aTurned, swapped, batch, backend, 'each by itself');
          const output = transposeMatrices(turned, backend);
          backend.disposeData(turned.dataId);
          return output;
        });
    }
  },
};

/**
 * Expected time of each form for one product, in nanoseconds, from measurements on one x86 core: the scalar loop does 2.2 GFLOP/s, XNNPACK
 * 28, after 5 microseconds to make an operator and 4 nanoseconds to pack each weight; an element is transposed in 1.5.
 */
export function cheapestForm({ rows, inner, columns, transposeA, transposeB }: MatMulSize): 'scalar' | 'direct' | 'swapped' {
  const multiplyAdds = rows * inner * columns;
  const turnA = 1.5 * rows * inner;
  const turnB = 1.5 * inner * columns;
  const scalar = 0.9 * multiplyAdds;
  const direct = 5000 + 0.07 * multiplyAdds + 4 * inner * columns + (transposeA ? turnA : 0) + (transposeB ? turnB : 0);
  const swapped =
    5000 + 0.07 * multiplyAdds + 4 * inner * rows + (transposeA ? 0 : turnA) + (transposeB ? 0 : turnB) + 1.5 * rows * columns;
  if (scalar <= direct && scalar <= swapped) return 'scalar';
  return direct <= swapped ? 'direct' : 'swapped';
}

function sizeOf(a: TensorInfo, b: TensorInfo, transposeA: boolean, transposeB: boolean): MatMulSize {
  if (a.dtype !== 'float32' || b.dtype !== 'float32')
    throw new TypeError(`matMul: operands are ${a.dtype} and ${b.dtype}, expected float32`);
  const [aRows, aColumns] = a.shape.slice(-2);
  const [bRows, bColumns] = b.shape.slice(-2);
  const [rows, inner] = transposeA ? [aColumns, aRows] : [aRows, aColumns];
  const [innerOfB, columns] = transposeB ? [bColumns, bRows] : [bRows, bColumns];
  if (inner !== innerOfB) {
    const operand = (x: TensorInfo, transposed: boolean) => `[${x.shape.join(', ')}]${transposed ? ' transposed' : ''}`;
    throw new RangeError(
      `matMul: operands ${operand(a, transposeA)} and ${operand(b, transposeB)} have inner sizes ${inner} and ${innerOfB}`,
    );
  }
  return { rows, inner, columns, transposeA, transposeB };
}

/** The package's function takes whole stacks, but uses XNNPACK only for one untransposed product; and it broadcasts only a single matrix. */
function multiplyStacks(
  a: TensorInfo,
  b: TensorInfo,
  size: MatMulSize,
  batch: number[],
  backend: BackendWasm,
  calls: 'in one call' | 'each by itself',
): TensorInfo {
  const { rows, inner, columns, transposeA, transposeB } = size;
  const output = backend.makeOutput([...batch, rows, columns], 'float32');
  const count = util.sizeFromShape(batch);
  const aShape = bytesOfShape(transposeA ? [inner, rows] : [rows, inner]);
  const bShape = bytesOfShape(transposeB ? [columns, inner] : [inner, columns]);
  const call = (aId: number, aCount: number, bId: number, bCount: number, outputId: number): void =>
    multiply(aId, aShape(aCount), 3, bId, bShape(bCount), 3, Number(transposeA), Number(transposeB), outputId);
  const idOf = (tensor: TensorInfo): number => backend.dataIdMap.get(tensor.dataId).id;
  const aCount = a.shape.slice(0, -2).reduce((product, axis) => product * axis, 1);
  const bCount = b.shape.slice(0, -2).reduce((product, axis) => product * axis, 1);
  const broadcastsAtMostOne = (aCount === count || aCount === 1) && (bCount === count || bCount === 1);
  if (count === 1 || (calls === 'in one call' && broadcastsAtMostOne)) {
    call(idOf(a), aCount, idOf(b), bCount, idOf(output));
    return output;
  }
  const aItem = itemAt(batch, a.shape.slice(0, -2));
  const bItem = itemAt(batch, b.shape.slice(0, -2));
  for (let i = 0; i < count; i++) {
    withView(a, aItem(i), rows * inner, backend, (aId) =>
      withView(b, bItem(i), inner * columns, backend, (bId) =>
        withView(output, i, rows * columns, backend, (outputId) => call(aId, 1, bId, 1, outputId)),
      ),
    );
  }
  return output;
}

function bytesOfShape(matrix: number[]): (count: number) => Uint8Array {
  return (count) => new Uint8Array(Int32Array.from([count, ...matrix]).buffer);
}

/** Which matrix of an operand with leading axes `own` is at the i-th place of the broadcast axes `batch`. */
function itemAt(batch: number[], own: number[]): (i: number) => number {
  const padded = [...new Array<number>(batch.length - own.length).fill(1), ...own];
  return (i) => {
    let rest = i;
    let item = 0;
    let stride = 1;
    for (let axis = batch.length - 1; axis >= 0; axis--) {
      const at = rest % batch[axis];
      rest = (rest - at) / batch[axis];
      if (padded[axis] > 1) item += at * stride;
      stride *= padded[axis];
    }
    return item;
  };
}

/** Names the `item`-th matrix of a stack as a tensor of its own, on the same memory, while `use` runs. */
function withView(stack: TensorInfo, item: number, size: number, backend: BackendWasm, use: (id: number) => void): void {
  const offset = backend.getMemoryOffset(stack.dataId) + item * size * Float32Array.BYTES_PER_ELEMENT;
  const { dataId } = backend.makeOutput([size], 'float32', offset);
  const { id } = backend.dataIdMap.get(dataId);
  use(id);
  backend.wasm.tfjs.disposeData(id); // not backend.disposeData, which would free the stack's memory
  backend.dataIdMap.delete(dataId);
}

function withTransposed(
  backend: BackendWasm,
  stacks: (TensorInfo | undefined)[],
  use: (turned: (TensorInfo | undefined)[]) => TensorInfo,
): TensorInfo {
  const turned = stacks.map((stack) => stack && transposeMatrices(stack, backend));
  const output = use(turned);
  turned.forEach((stack) => stack && backend.disposeData(stack.dataId));
  return output;
}
