import { kinds, type Color, type Stroke } from './kinds';
import { noiseTable, noiseWrap, randomOf } from './random';
import { frameSize, type Instrument, type Scene } from './scene';

const { abs, cos, floor, max, min, sin, sqrt } = Math; // looked up once: otherwise inner loops are 20 times as slow in jest

const horizon = 58; // row where the floor begins
const backgrounds = {
  outdoor: { above: [0.55, 0.75, 0.95], below: [0.42, 0.68, 0.32] },
  indoor: { above: [0.8, 0.72, 0.6], below: [0.58, 0.42, 0.3] },
} as const;
const skin: Color = [1, 0.82, 0.68];
const bow: Color = [1, 1, 0.6];
const tiltRadians = 0.22;
const reach = 1.35; // of an instrument's half size: how far its drawing, tilted, may go
const noiseDeviation = 0.02;

/**
 * The frame of one second of a scene: [frameSize, frameSize, 3], RGB bytes. What is active in this second tilts to the side
 * of the second (odd or even) and shows a player's hand and a bow; what does not move is upright.
 */
export function renderFrame(scene: Scene, second: number): Uint8Array {
  canvas.set(scene.outdoor ? outdoors : indoors);
  for (const instrument of scene.instruments) paintInstrument(canvas, instrument, second);
  return expose(canvas, scene, second);
}

const canvas = new Float32Array(frameSize * frameSize * 3); // of the frame that is being drawn
const outdoors = paintBackground(backgrounds.outdoor);
const indoors = paintBackground(backgrounds.indoor);

function paintBackground({ above, below }: Record<'above' | 'below', Color>): Float32Array {
  const image = new Float32Array(frameSize * frameSize * 3);
  for (let y = 0, offset = 0; y < frameSize; y++) {
    const shade = 1.06 - (0.12 * (y + 0.5)) / frameSize;
    const [red, green, blue] = y < horizon ? above : below;
    for (let x = 0; x < frameSize; x++) {
      image[offset++] = red * shade;
      image[offset++] = green * shade;
      image[offset++] = blue * shade;
    }
  }
  return image;
}

/** Pixels, the right and the bottom edge exclusive. */
export interface Extent {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The part of a second's frame that an instrument covers, with its player's hand and bow. */
export function instrumentExtent(instrument: Instrument, second: number): Extent {
  const pixels = strokesOf(instrument, second).map(({ stroke, axes }) => strokePixels(instrument, stroke, axes));
  return {
    left: min(...pixels.map(({ columns }) => columns.first)),
    top: min(...pixels.map(({ rows }) => rows.first)),
    right: max(...pixels.map(({ columns }) => columns.end)),
    bottom: max(...pixels.map(({ rows }) => rows.end)),
  };
}

/** u = across[0] * x + across[1] * y, v = down[0] * x + down[1] * y, x and y in half sizes from the instrument's centre. */
interface Axes {
  readonly across: readonly [number, number];
  readonly down: readonly [number, number];
}

interface PlacedStroke {
  readonly stroke: Stroke;
  readonly axes: Axes;
  readonly tint: Color; // added to the stroke's colour
}

function paintInstrument(image: Float32Array, instrument: Instrument, second: number): void {
  for (const placed of strokesOf(instrument, second)) paintStroke(image, instrument, placed);
}

/** In the order in which they are painted. */
function strokesOf({ kind, tint, mirrored, active }: Instrument, second: number): PlacedStroke[] {
  const side = second % 2 === 1 ? 1 : -1;
  const moving = active[second];
  const angle = moving ? side * tiltRadians : 0;
  const cosine = cos(angle);
  const sine = sin(angle);
  const flip = mirrored ? -1 : 1;
  const axes: Axes = { across: [flip * cosine, flip * sine], down: [-sine, cosine] };
  const look = kinds[kind].look.map((stroke) => ({ stroke, axes, tint }));
  if (!moving) return look;
  const hand: Stroke = { shape: 'ellipse', u: side * 0.25, v: 0.05, halfWidth: 0.24, halfHeight: 0.24, color: skin };
  const stick: Stroke = { shape: 'box', u: 0, v: 0.05, halfWidth: 0.95, halfHeight: 0.08, color: bow };
  return [
    ...look,
    { stroke: hand, axes: { across: [1, 0], down: [0, 1] }, tint: [0, 0, 0] },
    { stroke: stick, axes: { across: [1, -0.3], down: [0.15, 1] }, tint: [0, 0, 0] },
  ];
}

/** Blends one stroke into the image; its edge is soft over a pixel. */
function paintStroke(image: Float32Array, instrument: Instrument, { stroke, axes, tint }: PlacedStroke): void {
  const { x: centerX, y: centerY, size } = instrument;
  const { shape, u, v, halfWidth, halfHeight, color } = stroke;
  const { across, down } = axes;
  const [red, green, blue] = color.map((value, channel) => min(1, max(0, value + tint[channel])));
  const thinner = min(halfWidth, halfHeight);
  const isBox = shape === 'box';
  const { columns, rows } = strokePixels(instrument, stroke, axes);
  for (let y = rows.first; y < rows.end; y++) {
    const fromCenterY = (y + 0.5 - centerY) / size;
    for (let x = columns.first; x < columns.end; x++) {
      const fromCenterX = (x + 0.5 - centerX) / size;
      const a = abs(across[0] * fromCenterX + across[1] * fromCenterY - u) / halfWidth;
      const b = abs(down[0] * fromCenterX + down[1] * fromCenterY - v) / halfHeight;
      const inside = isBox ? min((1 - a) * halfWidth, (1 - b) * halfHeight) : (1 - sqrt(a * a + b * b)) * thinner;
      const cover = min(1, inside * size + 0.5); // inside: distance to the edge, in half sizes
      if (cover <= 0) continue;
      const offset = (y * frameSize + x) * 3;
      image[offset] += cover * (red - image[offset]);
      image[offset + 1] += cover * (green - image[offset + 1]);
      image[offset + 2] += cover * (blue - image[offset + 2]);
    }
  }
}

/** The columns and rows that a stroke may cover, of those within the instrument's reach. */
function strokePixels({ x, y, size }: Instrument, { shape, u, v, halfWidth, halfHeight }: Stroke, { across, down }: Axes) {
  const isBox = shape === 'box';
  const soft = 0.5 / size; // how far the edge extends outwards; around an ellipse in proportion to its axes, as in `paintStroke`
  const softer = 1 + soft / min(halfWidth, halfHeight);
  const [alongU, alongV] = isBox ? [halfWidth + soft, halfHeight + soft] : [halfWidth * softer, halfHeight * softer];
  const determinant = across[0] * down[1] - across[1] * down[0];
  /** `at`: the stroke's centre, in half sizes from the instrument's. */
  const pixelsAlong = (center: number, at: number, [ofU, ofV]: readonly [number, number]) => {
    const extent = (isBox ? abs(ofU) * alongU + abs(ofV) * alongV : sqrt((ofU * alongU) ** 2 + (ofV * alongV) ** 2)) / abs(determinant);
    const first = max(0, floor(center + size * max(-reach, at - extent)));
    return { first, end: min(frameSize, floor(center + size * min(reach, at + extent)) + 1) };
  };
  return {
    columns: pixelsAlong(x, (down[1] * u - across[1] * v) / determinant, [down[1], across[1]]),
    rows: pixelsAlong(y, (across[0] * v - down[0] * u) / determinant, [down[0], across[0]]),
  };
}

/** Light and grey noise, then bytes. */
function expose(image: Float32Array, { seed, light }: Scene, second: number): Uint8Array {
  const noise = noiseTable();
  const start = randomOf(seed, `frame ${second}`).integer(0, noise.length);
  const bytes = new Uint8Array(image.length);
  for (let pixel = 0, offset = 0; offset < image.length; pixel++, offset += 3) {
    const grain = noiseDeviation * noise[(start + pixel) & noiseWrap];
    bytes[offset] = byteOf(image[offset] * light + grain);
    bytes[offset + 1] = byteOf(image[offset + 1] * light + grain);
    bytes[offset + 2] = byteOf(image[offset + 2] * light + grain);
  }
  return bytes;
}

/** A value, limited to 0 to 1, as a byte. By comparisons, which are faster than `min` and `max`. */
const byteOf = (value: number): number => (value <= 0 ? 0 : value >= 1 ? 255 : 255 * value);
