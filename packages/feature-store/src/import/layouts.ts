/** The meaning of a file's axes, by name; the first axis is always time. */
export const layouts = {
  vectors: '[time, width]',
  'class-and-patches': '[time, 1 + regions, width], row 0 the class token',
  patches: '[time, regions, width]',
  'merged-tokens': '[time, tokens, width], tokens without a place, as of token merging',
  'channels-first': '[time, width, height, width of the map]',
  'channels-last': '[time, height, width of the map, width]',
} as const;

export type LayoutName = keyof typeof layouts;

const axesOf: Readonly<Record<LayoutName, number>> = {
  ...{ vectors: 2, 'class-and-patches': 3, patches: 3, 'merged-tokens': 3, 'channels-first': 4, 'channels-last': 4 },
};

/** Values of one segment: `regions` patches or tokens (0 of vectors) of `width` values each. */
export interface Sizes {
  readonly regions: number;
  readonly width: number;
}

/** The sizes of a file of `shape` in a layout; undefined if the shape does not fit it. */
export function sizesOf(layout: LayoutName, [, ...row]: readonly number[]): Sizes | undefined {
  if (row.length + 1 !== axesOf[layout] || row.includes(0)) return undefined;
  const [a, b, c] = row;
  const sizes = {
    vectors: { regions: 0, width: a },
    'class-and-patches': { regions: a - 1, width: b },
    patches: { regions: a, width: b },
    'merged-tokens': { regions: a, width: b },
    'channels-first': { regions: b * c, width: a },
    'channels-last': { regions: a * b, width: c },
  }[layout];
  return layout === 'class-and-patches' && sizes.regions === 0 ? undefined : sizes;
}

/**
 * The one layout that a file of `shape` can have: patches are a square of at least 7 x 7, as CLIP and other image transformers give them
 * (49, 196, 256, 576), with a class token or without; of a map the two axes that are equal are its sides; without a class token there are
 * fewer regions than values of each, as a flattened map [channels, 49] would be taken for patches otherwise. Smaller sizes are ambiguous
 * (10: a class token and 3 x 3 patches, ten merged tokens, ten frames), unless frames have their own files (`hasFrames`): then a number of
 * rows below 49 is merged tokens, if it is no square, with a class token or without, such as 14. Throws if none or several fit, and lists them.
 */
export function guessLayout(file: string, shape: readonly number[], hasFrames = false): LayoutName {
  const names = Object.keys(layouts) as LayoutName[];
  const possible = names.filter((name) => sizesOf(name, shape) !== undefined);
  const certain = possible.filter((name) => isCertain(name, shape, hasFrames));
  if (certain.length === 1) return certain[0];
  const list = (some: readonly LayoutName[]) => some.map((name) => `${name} ${layouts[name]}`).join('; ');
  throw new Error(
    `${file} has shape [${shape.join(', ')}], ` +
      (possible.length === 0
        ? `which is not a layout of features. Known: ${list(names)}`
        : `which may be ${list(possible)}. Say which: --layout=${possible.join(' or --layout=')}`) +
      squeezeAdvice(shape),
  );
}

/** For an axis of one: a batch of one video, or a vector kept as a row. */
export function squeezeAdvice(shape: readonly number[]): string {
  const single = shape.indexOf(1);
  return single < 0 || shape.length < 3 ? '' : `. If axis ${single} stands for nothing, save numpy.squeeze(array, ${single})`;
}

const leastSide = 7;

function isCertain(layout: LayoutName, shape: readonly number[], hasFrames: boolean): boolean {
  const [, a, b, c] = shape;
  if (layout === 'vectors') return true;
  const { regions, width } = sizesOf(layout, shape)!;
  if (layout === 'merged-tokens') return hasFrames && regions < leastSide ** 2 && ![regions, regions - 1].some(isSquare) && regions < width;
  if (regions < leastSide ** 2) return false;
  if (layout === 'class-and-patches') return isSquare(regions);
  if (regions >= width) return false;
  if (layout === 'channels-first') return b === c;
  if (layout === 'channels-last') return a === b;
  return isSquare(regions);
}

const isSquare = (count: number): boolean => Number.isInteger(Math.sqrt(count));

/**
 * Copies the `row` of one second to `patch` [regions, width] and `frame` [width]. The frame is the class token or the vector, if there is
 * one, else the mean over the regions. Skips fields that are not wanted.
 */
export function placeRow(
  layout: LayoutName,
  { regions, width }: Sizes,
  row: Float32Array,
  frame?: Float32Array,
  patch?: Float32Array,
): void {
  if (layout === 'vectors' || layout === 'class-and-patches') {
    frame?.set(row.subarray(0, width));
    patch?.set(row.subarray(width));
    return;
  }
  const [ofRegion, ofChannel] = layout === 'channels-first' ? [1, regions] : [width, 1]; // distance in the row of two neighbours
  for (let channel = 0; channel < width; channel++) {
    let sum = 0;
    for (let region = 0; region < regions; region++) {
      const value = row[region * ofRegion + channel * ofChannel];
      if (patch) patch[region * width + channel] = value;
      sum += value;
    }
    if (frame) frame[channel] = sum / regions;
  }
}
