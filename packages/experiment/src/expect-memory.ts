import { totalmem } from 'node:os';
import { namedParameters } from '@tass/tensor';

const bytesEach = 16; // a parameter in float32, its gradient and Adam's two moments
const withoutCount = 1024; // width times layers: up to here, a network has about 20 million parameters, which always fit

/** The memory that this process may use, also in a container. */
const memory = (): number => Math.min(process.constrainedMemory?.() || Infinity, totalmem());

/**
 * Throws RangeError if a network's parameters would not fit into memory, before they take any. Their number is approximately (within a
 * tenth) a quadratic polynomial in the width, which `build` determines from three small networks.
 */
export function expectMemory(
  { dim, heads = 1, layers = 1 }: { readonly dim?: number; readonly heads?: number; readonly layers?: number },
  build: (dim: number) => { readonly parameters: object },
  most = memory(),
): void {
  if (dim === undefined || dim * layers <= withoutCount) return;
  const step = 2 * heads; // every network accepts an even multiple of its heads
  const [one, two, three] = [step, 2 * step, 3 * step].map((width) => countOf(build(width).parameters));
  const x = dim / step - 1;
  const count = Math.round(one + x * (two - one) + ((x * (x - 1)) / 2) * (three - 2 * two + one)); // Newton's form
  if (count * bytesEach <= most) return;
  const gigabytes = (bytes: number): string => (bytes / 1e9).toPrecision(3);
  throw new RangeError(
    `model.dim is ${dim}: the network would have about ${(count / 1e6).toPrecision(3)} million parameters, which take ${gigabytes(count * bytesEach)} GB with their ` +
      `gradients and Adam's moments, and this machine has ${gigabytes(most)} GB. Choose a smaller model.dim`,
  );
}

function countOf(parameters: object): number {
  let count = 0;
  for (const tensor of namedParameters(parameters).values()) {
    count += tensor.size;
    tensor.dispose();
  }
  return count;
}
