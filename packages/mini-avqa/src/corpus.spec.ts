import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCorpus } from './corpus';
import { kindName } from './kinds';
import { planWorld } from './plan-world';
import { renderFrame } from './render';
import { drawScene, heardKinds, soundingSources } from './scene';
import { renderSound, toInt16 } from './sound';

const out = mkdtempSync(join(tmpdir(), 'mini-avqa-corpus-'));
const lines = (name: string) => readFileSync(join(out, name), 'utf8').trimEnd().split('\n');
const rows = (name: string) => lines(name).map((line) => JSON.parse(line) as Record<string, never>);

beforeAll(() => writeCorpus({ out, seed: 5, frames: 6, sounds: 2, captions: 3 }, () => undefined));
afterAll(() => rmSync(out, { recursive: true, force: true }));

describe('writeCorpus', () => {
  it('writes two frames of each scene with what is in them', () => {
    const bytes = readFileSync(join(out, 'frames.u8'));
    expect(bytes).toHaveLength(6 * 112 * 112 * 3);
    const frames = rows('frames.jsonl');
    expect(frames).toHaveLength(6);
    frames.forEach(({ scene: seed, second, instruments, outdoor, captions }, index) => {
      const scene = drawScene(seed);
      expect(bytes.subarray(index * 37632, (index + 1) * 37632).equals(renderFrame(scene, second))).toBe(true);
      const expected = scene.instruments.map(({ kind, active }) => ({ kind: kindName(kind), moving: active[second] }));
      expect(instruments).toEqual(expected.map((entry) => expect.objectContaining(entry)));
      expect(outdoor).toBe(scene.outdoor);
      expect(captions).toHaveLength(3);
    });
    for (const pair of [0, 2, 4]) {
      expect(frames[pair].scene).toBe(frames[pair + 1].scene);
      expect(frames[pair].second).not.toBe(frames[pair + 1].second);
    }
  });

  it('writes sounds with their tags for each second', () => {
    const bytes = readFileSync(join(out, 'sounds.i16'));
    expect(bytes).toHaveLength(2 * 160000 * 2);
    rows('sounds.jsonl').forEach(({ scene: seed, kinds, levels, rates, loudestLevel, loudestRate }, index) => {
      const scene = drawScene(seed);
      expect(bytes.readInt16LE((index * 160000 + 54321) * 2)).toBe(toInt16(renderSound(scene))[54321]);
      const sources = soundingSources(scene);
      const heard = heardKinds(sources);
      for (let second = 0; second < 10; second++) {
        const active = sources.filter((source) => source.active[second]);
        expect(kinds[second]).toEqual(heard.flatMap((when, kind) => (when[second] ? [kindName(kind)] : [])));
        expect([levels[second], rates[second]].map(({ length }: never[]) => length)).toEqual([
          (kinds[second] as never[]).length,
          (kinds[second] as never[]).length,
        ]);
        expect(loudestLevel[second]).toBe(Math.max(0, ...active.map(({ level }) => level)));
        expect(active.length === 0 ? [0] : active.map(({ rate }) => rate)).toContain(loudestRate[second]);
      }
    });
  });

  it('lists question texts with every word of the templates', () => {
    const questions = lines('questions.txt');
    expect(new Set(questions).size).toBe(questions.length);
    const words = new Set(questions.join(' ').split(' '));
    for (const word of ['violin', 'acoustic_guitar', 'left', 'middle', 'first', 'last', 'before', 'after', 'loudest', 'really'])
      expect(words).toContain(word);
  });

  it('shares no scene with any dataset', () => {
    const corpusSeeds = [...rows('frames.jsonl'), ...rows('sounds.jsonl')].map(({ scene }) => scene as number);
    const datasetSeeds = planWorld({ seed: 5, videos: { train: 3, val: 3, test: 3 } }).videos.map(({ seed }) => seed);
    expect(Math.min(...corpusSeeds)).toBeGreaterThan(Math.max(...datasetSeeds));
    expect(Math.min(...corpusSeeds)).toBeGreaterThanOrEqual(3 * 2 ** 48); // where the fourth stream begins
  });

  it('describes itself', () => {
    const description = JSON.parse(readFileSync(join(out, 'corpus.json'), 'utf8')) as object;
    expect(description).toMatchObject({ seed: 5, frames: { shape: [6, 112, 112, 3] }, sounds: { shape: [2, 160000], sampleRate: 16000 } });
  });
});
