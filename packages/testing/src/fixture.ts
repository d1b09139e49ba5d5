import { readFileSync } from 'node:fs';

interface FixtureArray {
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}
export type NamedArrays = ReadonlyMap<string, FixtureArray>;

/** What a reference implementation computed; written by `tools/parity`. */
export interface Fixture {
  readonly config: unknown;
  readonly parameters: NamedArrays;
  readonly inputs: NamedArrays;
  readonly outputs: NamedArrays; // with `total`, which was differentiated
  readonly gradients: NamedArrays; // one for each parameter
  readonly zeroGradients: readonly string[]; // parameters whose gradient is zero by nature
}

interface EncodedArray {
  readonly shape: number[];
  readonly float32?: string; // base64, little-endian
  readonly int32?: string;
}

/** Reads a parity fixture. Throws when the file is missing, or an array does not fill its shape. */
export function readFixture(path: string): Fixture {
  const { config, parameters, inputs, outputs, gradients, zeroGradients } = JSON.parse(readFileSync(path, 'utf8'));
  const arrays = (encoded: Record<string, EncodedArray>): NamedArrays =>
    new Map(Object.entries(encoded).map(([name, array]) => [name, decode(path, name, array)]));
  return {
    config,
    parameters: arrays(parameters),
    inputs: arrays(inputs),
    outputs: arrays(outputs),
    gradients: arrays(gradients),
    zeroGradients,
  };
}

function decode(path: string, name: string, { shape, float32, int32 }: EncodedArray): FixtureArray {
  const bytes = Uint8Array.from(Buffer.from(float32 ?? int32 ?? '', 'base64'));
  const values = float32 === undefined ? new Int32Array(bytes.buffer) : new Float32Array(bytes.buffer);
  const size = shape.reduce((product, axis) => product * axis, 1);
  if (values.length !== size)
    throw new RangeError(`${path}: ${name} has ${values.length} values, expected ${size} for shape [${shape.join(', ')}]`);
  return { shape, values };
}
