import type { WasmKernel } from './types';

interface OneHotAttributes {
  readonly depth: number;
  readonly onValue: number;
  readonly offValue: number;
  readonly dtype?: 'float32' | 'int32' | 'bool';
}

/** The package's kernel writes integers, whatever the type. */
export const oneHot: WasmKernel<'indices', OneHotAttributes> = {
  name: 'OneHot',
  run({ indices }, backend, { depth, onValue, offValue, dtype = 'int32' }, stock) {
    if (dtype === 'int32') return stock();
    const output = backend.makeOutput([...indices.shape, depth], dtype);
    const [places, values] = [indices, output].map((info) => backend.typedArrayFromHeap(info));
    values.fill(offValue);
    places.forEach((place, i) => {
      if (place >= 0 && place < depth) values[i * depth + place] = onValue;
    });
    return output;
  },
};
