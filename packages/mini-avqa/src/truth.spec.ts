import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kindName, kinds } from './kinds';
import { candidates } from './questions';
import { instrumentExtent, renderFrame } from './render';
import { drawScene, frameSize, sceneSeed, type Scene } from './scene';
import type { TemplateName } from './templates';
import { truthOf } from './truth';

/** Drum top left (plays in seconds 0 to 2), violin top right (4 to 9), violin below in the middle (a decoy, 0 to 3), piano at rest bottom left. */
const quartet = JSON.parse(readFileSync(join(__dirname, '../fixtures/quartet.json'), 'utf8')) as Scene;
const flute = kinds.findIndex(({ name }) => name === 'flute');
const [drum, violin, decoy] = quartet.instruments;
const seconds = (from: number, to: number) => Array.from({ length: 10 }, (_, second) => Number(second >= from && second <= to));
const none = seconds(1, 0);
const truth = (template: TemplateName, ...values: string[]) => truthOf(quartet, { template, values });

describe('the seconds of a question', () => {
  it.each<[TemplateName, string[], object]>([
    ['isHeard', ['violin'], { sounding: seconds(4, 9), moving: seconds(0, 9), needed: seconds(4, 9) }],
    ['isHeard', ['piano'], { sounding: none, moving: none }],
    ['loudest', ['drum'], { sounding: seconds(0, 2), moving: seconds(0, 2), needed: seconds(0, 2) }],
    ['reallySounds', ['violin'], { sounding: seconds(4, 9), moving: seconds(0, 9), needed: seconds(0, 9) }],
    ['soundingPlace', ['violin'], { sounding: seconds(4, 9), moving: seconds(4, 9), needed: seconds(4, 9) }],
    ['visibleOfKind', ['drum'], { sounding: seconds(0, 2), moving: seconds(0, 2) }],
    ['soundingAt', ['left'], { sounding: seconds(0, 2), moving: seconds(0, 2), needed: seconds(0, 2) }],
    ['loudestPlace', [], { sounding: seconds(0, 2), moving: seconds(0, 2), needed: seconds(0, 2) }],
    ['louderSide', ['left', 'right'], { needed: [1, 1, 1, 0, 1, 1, 1, 1, 1, 1] }],
    ['placeInOrder', ['last'], { needed: seconds(4, 9) }],
    ['kindInOrder', ['first'], { needed: seconds(0, 2) }],
    ['neighbour', ['after', 'drum'], { needed: [1, 1, 1, 0, 1, 1, 1, 1, 1, 1] }],
  ])('%s %j', (template, values, expected) => {
    const { boxes: _, ...ofSeconds } = truth(template, ...values)!;
    expect(ofSeconds).toMatchObject(expected);
    expect('needed' in ofSeconds).toBe('needed' in expected);
  });

  it('of what is heard from outside the picture count where the question is on sound', () => {
    const scene = { ...quartet, hidden: [{ kind: flute, active: drum.active, level: 1, rate: 1 }] };
    expect(truthOf(scene, { template: 'isSourceSeen', values: ['flute'] })).toEqual({
      sounding: seconds(0, 2),
      moving: none,
      needed: seconds(0, 2),
    });
  });

  it.each<TemplateName>(['heardKinds', 'visibleCount', 'indoor', 'soundingCount', 'silentCount', 'moreSounding', 'moreSeen'])(
    'there are none in %s, which is about the whole scene',
    (template) => expect(truth(template)).toBeUndefined(),
  );
});

describe('the boxes of a question', () => {
  it('are those of all visible instruments of its kind, marked in the seconds in which they sound', () => {
    const { boxes } = truth('isSourceSeen', 'violin')!;
    const boxIn = (second: number) =>
      [violin, decoy].map((one) => Object.values(instrumentExtent(one, second)).map((pixel) => Number((pixel / frameSize).toFixed(4))));
    expect(boxes![5]).toEqual([[...boxIn(5)[0], 1], boxIn(5)[1]]);
    expect(boxes![2]).toEqual(boxIn(2)); // the decoy moves
    expect(truth('kindInOrder', 'first')).not.toHaveProperty('boxes');
  });

  it('hold every pixel that an instrument changes, and reach at most a pixel further', () => {
    for (let index = 0; index < 12; index++) {
      const scene = drawScene(sceneSeed('test', 5, index));
      for (const instrument of scene.instruments)
        for (const second of [0, 3]) {
          const [drawn, empty] = [[instrument], []].map((instruments) => renderFrame({ ...scene, instruments }, second));
          const changed = Array.from(drawn.keys()).filter((offset) => drawn[offset] !== empty[offset]).map((offset) => Math.floor(offset / 3)); // prettier-ignore
          const [xs, ys] = [changed.map((pixel) => pixel % frameSize), changed.map((pixel) => Math.floor(pixel / frameSize))];
          const { left, top, right, bottom } = instrumentExtent(instrument, second);
          const slack = [Math.min(...xs) - left, Math.min(...ys) - top, right - 1 - Math.max(...xs), bottom - 1 - Math.max(...ys)];
          expect(Math.min(...slack)).toBeGreaterThanOrEqual(0);
          expect(Math.max(...slack)).toBeLessThanOrEqual(1);
        }
    }
  });
});

it('of every question that scenes can be asked is found', () => {
  for (let index = 0; index < 200; index++) {
    const scene = drawScene(sceneSeed('test', 7, index));
    for (const candidate of candidates(scene)) {
      const found = truthOf(scene, candidate);
      if (candidate.template === 'kindInOrder') {
        const answered = scene.instruments.filter(({ kind, state }) => kindName(kind) === candidate.answer && state === 'playing');
        expect(answered.some(({ active }) => active.map(Number).join() === found!.needed!.join())).toBe(true);
      }
      if (candidate.template === 'neighbour') expect(found!.needed).toContain(1);
    }
  }
});
