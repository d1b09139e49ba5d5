import { kinds, type Color, type Stroke } from './kinds';
import { noiseTable, noiseWrap, randomOf } from './random';
import { frameSize, type Instrument, type Scene } from './scene';

const { abs, cos, floor, max, min, sin, sqrt } = Math; // looked up once: inner loops are 20 times as slow in jest else

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
 * of the second (odd or even) and shows a player's hand and a bow; what is not stands upright.
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

function paintInstrument(image: Float32Array, instrument: Instrument, second: number): void {
  const { kind, tint, mirrored } = instrument;
  const side = second % 2 === 1 ? 1 : -1;
  const moving = instrument.active[second];
  const angle = moving ? side * tiltRadians : 0;
  const cosine = cos(angle);
  const sine = sin(angle);
  const flip = mirrored ? -1 : 1;
  // u = across[0] * x + across[1] * y, v = down[0] * x + down[1] * y, x and y in half sizes from the centre
  const upright = { across: [flip * cosine, flip * sine], down: [-sine, cosine] } as const;
  for (const stroke of kinds[kind].look) paintStroke(image, instrument, stroke, tint, upright);
  if (!moving) return;
  const hand: Stroke = { shape: 'ellipse', u: side * 0.25, v: 0.05, halfWidth: 0.24, halfHeight: 0.24, color: skin };
  const stick: Stroke = { shape: 'box', u: 0, v: 0.05, halfWidth: 0.95, halfHeight: 0.08, color: bow };
  paintStroke(image, instrument, hand, [0, 0, 0], { across: [1, 0], down: [0, 1] });
  paintStroke(image, instrument, stick, [0, 0, 0], { across: [1, -0.3], down: [0.15, 1] });
}

/** Blends one stroke into the image; its edge is soft over a pixel. */
function paintStroke(
  image: Float32Array,
  { x: centerX, y: centerY, size }: Instrument,
  { shape, u, v, halfWidth, halfHeight, color }: Stroke,
  tint: readonly [number, number, number],
  { across, down }: { readonly across: readonly [number, number]; readonly down: readonly [number, number] },
): void {
  const [red, green, blue] = color.map((value, channel) => min(1, max(0, value + tint[channel])));
  const thinner = min(halfWidth, halfHeight);
  const isBox = shape === 'box';
  const softer = 1 + 0.5 / (size * thinner); // of its own size: how far the soft edge goes at most
  const [alongU, alongV] = [halfWidth * softer, halfHeight * softer];
  const determinant = across[0] * down[1] - across[1] * down[0];
  const columns = pixelsAlong(centerX, size, (down[1] * u - across[1] * v) / determinant, [down[1], across[1]]);
  const rows = pixelsAlong(centerY, size, (across[0] * v - down[0] * u) / determinant, [down[0], across[0]]);
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

  /** The rows or columns that the stroke may cover, of those within the instrument's reach. `at`: its centre, in half sizes from the instrument's. */
  function pixelsAlong(center: number, size: number, at: number, [ofU, ofV]: readonly [number, number]) {
    const extent = (abs(ofU) * alongU + abs(ofV) * alongV) / abs(determinant);
    const first = max(0, floor(center + size * max(-reach, at - extent)));
    return { first, end: min(frameSize, floor(center + size * min(reach, at + extent)) + 1) };
  }
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

/** A value of 0 to 1, or what lies nearest to it, as a byte. By comparisons, which are faster than `min` and `max`. */
const byteOf = (value: number): number => (value <= 0 ? 0 : value >= 1 ? 255 : 255 * value);
