import { kinds, type Color, type Stroke } from './kinds';
import { noiseTable, randomOf } from './random';
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
  const image = paintBackground(scene.outdoor);
  for (const instrument of scene.instruments) paintInstrument(image, instrument, second);
  return expose(image, scene, second);
}

function paintBackground(outdoor: boolean): Float32Array {
  const image = new Float32Array(frameSize * frameSize * 3);
  const { above, below } = outdoor ? backgrounds.outdoor : backgrounds.indoor;
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
  const left = max(0, floor(centerX - reach * size));
  const right = min(frameSize, floor(centerX + reach * size) + 1);
  const bottom = min(frameSize, floor(centerY + reach * size) + 1);
  for (let y = max(0, floor(centerY - reach * size)); y < bottom; y++) {
    const fromCenterY = (y + 0.5 - centerY) / size;
    for (let x = left; x < right; x++) {
      const fromCenterX = (x + 0.5 - centerX) / size;
      const a = abs(across[0] * fromCenterX + across[1] * fromCenterY - u) / halfWidth;
      const b = abs(down[0] * fromCenterX + down[1] * fromCenterY - v) / halfHeight;
      const inside = shape === 'box' ? min((1 - a) * halfWidth, (1 - b) * halfHeight) : (1 - sqrt(a * a + b * b)) * thinner;
      const cover = min(1, inside * size + 0.5); // inside: distance to the edge, in half sizes
      if (cover <= 0) continue;
      const offset = (y * frameSize + x) * 3;
      image[offset] += cover * (red - image[offset]);
      image[offset + 1] += cover * (green - image[offset + 1]);
      image[offset + 2] += cover * (blue - image[offset + 2]);
    }
  }
}

/** Light and grey noise, then bytes. */
function expose(image: Float32Array, { seed, light }: Scene, second: number): Uint8Array {
  const noise = noiseTable();
  const start = randomOf(seed, `frame ${second}`).integer(0, noise.length);
  const bytes = new Uint8Array(image.length);
  for (let pixel = 0, offset = 0; offset < image.length; pixel++) {
    const grain = noiseDeviation * noise[(start + pixel) % noise.length];
    for (let channel = 0; channel < 3; channel++, offset++) {
      bytes[offset] = 255 * min(1, max(0, image[offset] * light + grain));
    }
  }
  return bytes;
}
