import { drawScene, heardKinds, sceneSeed, soundingSources } from './scene';

const scenes = Array.from({ length: 3000 }, (_, index) => drawScene(sceneSeed('train', 1, index)));

describe('sceneSeed', () => {
  it('has no seed in common between streams, seeds and indices', () => {
    const all = (['train', 'val', 'test', 'corpus'] as const).flatMap((stream) =>
      [0, 1, 2 ** 24 - 1].flatMap((seed) => [0, 1, 2 ** 24 - 1].map((index) => sceneSeed(stream, seed, index))),
    );
    expect(new Set(all).size).toBe(4 * 3 * 3);
    expect(all.every(Number.isSafeInteger)).toBe(true);
  });

  it.each([
    [2 ** 24, 0, 'seed is 16777216'],
    [0, -1, 'index is -1'],
    [0.5, 0, 'seed is 0.5'],
  ])('refuses seed %p and index %p', (seed, index, message) => {
    expect(() => sceneSeed('train', seed, index)).toThrow(`sceneSeed: ${message}, expected a whole number from 0 to 16777215`);
  });
});

describe('drawScene', () => {
  it('draws the same scene for the same seed and another for another', () => {
    expect(drawScene(42)).toEqual(drawScene(42));
    expect(drawScene(42)).not.toEqual(drawScene(43));
  });

  it('puts one to five instruments on different places, inside of the frame', () => {
    expect(new Set(scenes.map(({ instruments }) => instruments.length))).toEqual(new Set([1, 2, 3, 4, 5]));
    for (const { instruments } of scenes) {
      expect(new Set(instruments.map(({ column, row }) => 3 * row + column)).size).toBe(instruments.length);
      expect(instruments.every(({ x, y }) => x >= 15 && x <= 97 && y >= 27 && y <= 85)).toBe(true);
    }
  });

  it('lets a decoy move while its kind is not heard, and what rests never', () => {
    const decoys = scenes.flatMap((scene) => {
      const heard = heardKinds(soundingSources(scene));
      expect(scene.instruments.every(({ state, active }) => (state === 'resting') === !active.includes(true))).toBe(true);
      return scene.instruments
        .filter(({ state }) => state === 'decoy')
        .map(({ kind, active }) => active.filter((moves, second) => moves && !heard[kind][second]).length);
    });
    expect(decoys.length).toBeGreaterThan(1000);
    expect(Math.min(...decoys)).toBeGreaterThanOrEqual(2);
  });

  it('never hides a source of the kind of a playing instrument, but often one of the kind of a decoy', () => {
    const withHidden = scenes.filter(({ hidden }) => hidden.length > 0);
    expect(withHidden.length / scenes.length).toBeGreaterThan(0.3);
    for (const { instruments, hidden } of withHidden) {
      const playing = instruments.filter(({ state }) => state === 'playing').map(({ kind }) => kind);
      expect(hidden.some(({ kind }) => playing.includes(kind))).toBe(false);
    }
    const misleading = withHidden.filter(({ instruments, hidden }) =>
      instruments.some(({ state, kind }) => state === 'decoy' && hidden.some((source) => source.kind === kind)),
    );
    expect(misleading.length / withHidden.length).toBeGreaterThan(0.25);
  });
});
