import type { Colour } from './png';

// From dark violet over red and orange to a light yellow: lightness rises all the way, so that greater is lighter for every kind of colour vision.
const STOPS: readonly (readonly [red: number, green: number, blue: number])[] = [
  [12, 8, 38],
  [74, 12, 107],
  [137, 34, 106],
  [190, 55, 82],
  [227, 89, 51],
  [249, 140, 10],
  [249, 201, 50],
  [252, 255, 164],
];

function colourAt(value: number): readonly [red: number, green: number, blue: number] {
  const place = Math.min(Math.max(value, 0), 1) * (STOPS.length - 1);
  const before = Math.min(Math.floor(place), STOPS.length - 2);
  const mixed = STOPS[before].map((part, at) => Math.round(part + (place - before) * (STOPS[before + 1][at] - part)));
  return [mixed[0], mixed[1], mixed[2]];
}

/** For pictures that cover the whole: a spectrogram. */
export const OPAQUE: readonly Colour[] = Array.from({ length: 64 }, (_, level) => [...colourAt(level / 63), 255] as const);

// Over a frame a share starts as a breath of violet: dark colours would look like shade.
const FAINTEST = 0.3;
const overFrame = (value: number): readonly [red: number, green: number, blue: number] => colourAt(FAINTEST + (1 - FAINTEST) * value);
const opacity = (value: number): number => Math.min(1, 1.05 * value ** 0.6);

/** For maps over a frame: what has no share lets the frame through. */
export const OVER_FRAME: readonly Colour[] = Array.from({ length: 48 }, (_, level) => {
  const value = level / 47;
  return [...overFrame(value), Math.round(255 * opacity(value))] as const;
});

/** For the regions that are cut: nothing, and a veil. */
export const VEIL: readonly Colour[] = [
  [0, 0, 0, 0],
  [10, 12, 16, 150],
];

/** Of `OVER_FRAME`, for its key: places in percent, colours and how opaque they are. */
export const RAMP_STOPS: readonly (readonly [percent: number, colour: string, opacity: number])[] = [0, 0.15, 0.35, 0.55, 0.75, 1].map(
  (value) => [Math.round(100 * value), `rgb(${overFrame(value).join(',')})`, Number(opacity(value).toFixed(2))],
);
