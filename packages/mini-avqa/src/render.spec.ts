import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderFrame } from './render';
import { drawScene, frameSize, sceneSeed, type Scene } from './scene';
import { generatorVersion } from './version';

/** Drum top left (plays in seconds 0 to 2), violin top right, violin below in the middle, piano at rest bottom left. */
const quartet = JSON.parse(readFileSync(join(__dirname, '../fixtures/quartet.json'), 'utf8')) as Scene;
const [drum] = quartet.instruments;

/** Mean colour of the 3 x 3 pixels around a place: the noise of a pixel, 5 of 255, goes down to 2. */
function colorAt(frame: Uint8Array, x: number, y: number): number[] {
  const around = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => ((y + dy) * frameSize + x + dx) * 3));
  return [0, 1, 2].map((channel) => around.reduce((sum, offset) => sum + frame[offset + channel], 0) / around.length);
}

function expectColor(actual: number[], [red, green, blue]: readonly number[]): void {
  const expected = [red * 255, green * 255, blue * 255];
  actual.forEach((value, channel) => expect(Math.abs(value - expected[channel])).toBeLessThan(8));
}

describe('renderFrame', () => {
  const resting = renderFrame(quartet, 5); // the drum is silent in second 5
  const playing = renderFrame(quartet, 0);

  it('has three bytes for each pixel', () => {
    expect(resting).toBeInstanceOf(Uint8Array);
    expect(resting).toHaveLength(112 * 112 * 3);
  });

  it('shows a wall above the horizon and a floor below, inside and outside', () => {
    const shadeAt = (y: number) => 1.06 - (0.12 * (y + 0.5)) / 112;
    expectColor(colorAt(resting, 56, 10), [0.8 * shadeAt(10), 0.72 * shadeAt(10), 0.6 * shadeAt(10)]);
    expectColor(colorAt(resting, 90, 100), [0.58 * shadeAt(100), 0.42 * shadeAt(100), 0.3 * shadeAt(100)]);
    const outside = renderFrame({ ...quartet, outdoor: true }, 5);
    expectColor(colorAt(outside, 56, 10), [0.55 * shadeAt(10), 0.75 * shadeAt(10), 0.95 * shadeAt(10)]);
    expectColor(colorAt(outside, 90, 100), [0.42 * shadeAt(100), 0.68 * shadeAt(100), 0.32 * shadeAt(100)]);
  });

  it('draws a drum in the box of the drum: a white skin over a blue body', () => {
    expectColor(colorAt(resting, 18, 29), [0.95, 0.95, 0.92]); // v = -0.16
    expectColor(colorAt(resting, 18, 37), [0.15, 0.25, 0.75]); // v = 0.34
    expectColor(colorAt(resting, 10, 38), [0.15, 0.25, 0.75]); // u = -0.5
  });

  it('adds the tint and multiplies by the light', () => {
    const tinted = { ...quartet, light: 0.8, instruments: [{ ...drum, tint: [0.1, 0, -0.1] as const }] };
    expectColor(colorAt(renderFrame(tinted, 5), 18, 37), [0.25 * 0.8, 0.25 * 0.8, 0.65 * 0.8]);
  });

  it('shows a hand on the side of the second while an instrument is active, and tilts it', () => {
    /** Pixels of about this colour on the left and on the right of the drum's centre. */
    const halves = (frame: Uint8Array, color: number[], fromRow = 0) => {
      const counts = [0, 0];
      for (let y = fromRow; y < 54; y++) {
        for (let x = 0; x < 36; x++) {
          const near = color.every((value, channel) => Math.abs(frame[(y * frameSize + x) * 3 + channel] - value) < 20);
          if (near) counts[x < 18 ? 0 : 1]++;
        }
      }
      return counts;
    };
    const hand = (frame: Uint8Array) => halves(frame, [255, 209, 173]).map((count) => count > 15);
    expect(hand(playing)).toEqual([true, false]);
    expect(hand(renderFrame(quartet, 1))).toEqual([false, true]);
    expect(hand(resting)).toEqual([false, false]);
    const blueBelow = (frame: Uint8Array) => halves(frame, [38, 64, 191], 43);
    const [left, right] = blueBelow(playing);
    expect(left).toBeGreaterThan(right + 7); // it tilts to the left, ...
    expect(blueBelow(renderFrame(quartet, 1))[1]).toBeGreaterThan(blueBelow(renderFrame(quartet, 1))[0] + 7); // ... to the right
    expect(Math.abs(blueBelow(resting)[0] - blueBelow(resting)[1])).toBeLessThan(5); // and not at all
  });

  it('moves a decoy like a player, and nothing outside of its box', () => {
    const still = {
      ...quartet,
      instruments: quartet.instruments.map((each) => (each.state === 'decoy' ? { ...each, active: drum.active.map(() => false) } : each)),
    };
    const withoutMotion = renderFrame(still, 3);
    const withMotion = renderFrame(quartet, 3);
    const changed = [...withMotion.keys()].filter((offset) => withMotion[offset] !== withoutMotion[offset]);
    expect(changed.length).toBeGreaterThan(500);
    for (const offset of changed) {
      const pixel = Math.floor(offset / 3);
      expect(Math.abs((pixel % frameSize) - 56)).toBeLessThan(1.35 * 16 + 1);
      expect(Math.abs(Math.floor(pixel / frameSize) - 80)).toBeLessThan(1.35 * 16 + 1);
    }
  });

  it('mirrors', () => {
    const trumpet = { ...drum, kind: 10, size: 17 };
    const [plain, mirrored] = [false, true].map((flag) => renderFrame({ ...quartet, instruments: [{ ...trumpet, mirrored: flag }] }, 5));
    expect(colorAt(plain, 27, 30)[2]).toBeLessThan(90); // the bell, gold, to the right
    expect(colorAt(mirrored, 27, 26)[2]).toBeGreaterThan(90);
    expect(colorAt(mirrored, 9, 30)[2]).toBeLessThan(90);
  });

  it('gives, pixel for pixel, the frames of this version of the generator', () => {
    const hash = createHash('sha256');
    for (let index = 0; index < 30; index++)
      for (const second of [0, 5]) hash.update(renderFrame(drawScene(sceneSeed('train', 3, index)), second));
    expect([generatorVersion, hash.digest('hex').slice(0, 16)]).toEqual([3, '3f25b0e35a99ed1f']);
  });

  it('gives the same bytes for the same scene and second, others for another second or seed', () => {
    const scene = drawScene(9);
    expect(renderFrame(scene, 3)).toEqual(renderFrame(drawScene(9), 3));
    expect(renderFrame(scene, 3)).not.toEqual(renderFrame(scene, 4));
    expect(renderFrame(scene, 3)).not.toEqual(renderFrame(drawScene(10), 3));
  });
});
