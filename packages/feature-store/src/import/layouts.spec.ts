import { guessLayout, type LayoutName, placeRow, sizesOf } from './layouts';

/** Frame and patches of a row 0, 1, 2, ... of files of `shape`. */
function placed(layout: LayoutName, shape: number[]) {
  const sizes = sizesOf(layout, shape)!;
  const row = Float32Array.from({ length: shape.slice(1).reduce((product, length) => product * length) }, (_, i) => i);
  const frame = new Float32Array(sizes.width);
  const patch = new Float32Array(sizes.regions * sizes.width);
  placeRow(layout, sizes, row, frame, sizes.regions > 0 ? patch : undefined);
  return { ...sizes, frame: [...frame], patch: [...patch] };
}

describe('which number goes where:', () => {
  it('a vector is the frame', () => {
    expect(placed('vectors', [6, 3])).toEqual({ regions: 0, width: 3, frame: [0, 1, 2], patch: [] });
  });

  it('of class and patches, row 0 is the frame', () => {
    expect(placed('class-and-patches', [6, 3, 2])).toEqual({ regions: 2, width: 2, frame: [0, 1], patch: [2, 3, 4, 5] });
  });

  it('of patches alone, the frame is their mean', () => {
    expect(placed('patches', [6, 2, 3])).toEqual({ regions: 2, width: 3, frame: [1.5, 2.5, 3.5], patch: [0, 1, 2, 3, 4, 5] });
  });

  it('of merged tokens, likewise', () => {
    expect(placed('merged-tokens', [6, 2, 3])).toEqual(placed('patches', [6, 2, 3]));
  });

  it('of channels first, value [channel, y, x] goes to [region y * 3 + x, channel]', () => {
    const patch = [0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11];
    expect(placed('channels-first', [6, 2, 2, 3])).toEqual({ regions: 6, width: 2, frame: [2.5, 8.5], patch });
  });

  it('of channels last, value [y, x, channel] stays where it is', () => {
    const patch = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
    expect(placed('channels-last', [6, 2, 3, 2])).toEqual({ regions: 6, width: 2, frame: [5, 6], patch });
  });
});

describe('the layout of a shape', () => {
  it.each<[LayoutName, number[]]>([
    ['vectors', [60, 128]],
    ['vectors', [10, 768]],
    ['class-and-patches', [60, 50, 512]],
    ['class-and-patches', [60, 197, 768]],
    ['class-and-patches', [60, 257, 768]],
    ['class-and-patches', [10, 577, 768]],
    ['patches', [60, 49, 512]],
    ['patches', [10, 196, 512]],
    ['patches', [10, 576, 1024]],
    ['channels-first', [60, 512, 14, 14]],
    ['channels-first', [60, 2048, 7, 7]],
    ['channels-last', [60, 14, 14, 512]],
  ])('is %s for %j', (layout, shape) => {
    expect(guessLayout('a.npy', shape)).toBe(layout);
  });

  it.each([
    [
      [60, 14, 1024],
      /^a.npy has shape \[60, 14, 1024\], which may be class-and-patches .*; patches .*; merged-tokens .*--layout=class-and-patches or --layout=patches or --layout=merged-tokens$/,
    ],
    [[60, 10, 512], /--layout=class-and-patches or --layout=patches or --layout=merged-tokens$/], // a class token and 3 x 3 patches, or ten merged tokens
    [[60, 5, 512], /--layout=class-and-patches or --layout=patches or --layout=merged-tokens$/],
    [[60, 17, 512], /--layout=class-and-patches or --layout=patches or --layout=merged-tokens$/],
    [[60, 16, 512], /--layout=class-and-patches or --layout=patches or --layout=merged-tokens$/],
    [[60, 1024, 49], /--layout=class-and-patches or --layout=patches or --layout=merged-tokens$/], // a flattened map, channels first
    [
      [60, 1, 512],
      /which may be patches .*--layout=patches or --layout=merged-tokens. If axis 1 stands for nothing, save numpy.squeeze\(array, 1\)$/,
    ],
    [[1, 60, 128], /If axis 0 stands for nothing, save numpy.squeeze\(array, 0\)$/],
    [[60, 128, 1], /If axis 2 stands for nothing/],
    [[60, 7, 7, 7], /which may be channels-first .*; channels-last .*. Say which: --layout=channels-first or --layout=channels-last$/],
    [[60, 512, 7, 8], /--layout=channels-first or --layout=channels-last$/],
    [[60, 3, 224, 224], /--layout=channels-first or --layout=channels-last$/], // images
    [[60], /has shape \[60\], which is not a layout of features. Known: vectors \[time, width\]; class-and-patches/],
    [[1, 60, 512, 14, 14], /which is not a layout of features.* save numpy.squeeze\(array, 0\)$/],
    [[60, 0], /which is not a layout of features/],
  ])('is not clear for %j', (shape, message) => {
    expect(() => guessLayout('a.npy', shape)).toThrow(message);
  });

  it.each([[[60, 14, 1024]], [[60, 12, 768]], [[10, 6, 768]]])('is merged-tokens for %j next to frames', (shape) =>
    expect(guessLayout('a.npy', shape, true)).toBe('merged-tokens'),
  );

  it.each([
    [[60, 10, 512]], // a class token and 3 x 3 patches
    [[60, 16, 512]], // 4 x 4 patches
    [[60, 14, 13]], // a flattened map
  ])('is not clear for %j next to frames either', (shape) => expect(() => guessLayout('a.npy', shape, true)).toThrow(/Say which/));

  it('is that of the patches for [60, 50, 512] next to frames', () => {
    expect(guessLayout('a.npy', [60, 50, 512], true)).toBe('class-and-patches');
  });
});
