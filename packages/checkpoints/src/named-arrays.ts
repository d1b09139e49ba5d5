/** The number types of safetensors that are written and read here, in the order their data lies in a file: wide ones first, so all are aligned. */
export const arrayTypes = { F64: Float64Array, F32: Float32Array, I32: Int32Array } as const;

export type ArrayType = keyof typeof arrayTypes;

/** An array of `shape`, row-major. `data` is of the type that `dtype` names. */
export type NamedArray = {
  [Type in ArrayType]: { readonly dtype: Type; readonly shape: readonly number[]; readonly data: InstanceType<(typeof arrayTypes)[Type]> };
}[ArrayType];

export type NamedArrays = Readonly<Record<string, NamedArray>>;

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

export const bytesOf = (dtype: ArrayType, shape: readonly number[]): number => sizeOf(shape) * arrayTypes[dtype].BYTES_PER_ELEMENT;
