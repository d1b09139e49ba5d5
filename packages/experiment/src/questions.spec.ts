import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Question, declarationOf, findAnnotations, overlapOf } from '@tass/dataset-music-avqa';
import { planWorld } from '@tass/mini-avqa';
import { readAllQuestions, readQuestions } from './questions';
import type { Experiment } from './schema';

const root = mkdtempSync(join(tmpdir(), 'tass-questions-'));
const { annotations } = planWorld({ seed: 3, videos: { train: 2, val: 5, test: 4 } });
const write = (split: 'train' | 'val' | 'test') => writeFileSync(join(root, `avqa-${split}.json`), annotations[split]);
beforeAll(() => mkdirSync(root, { recursive: true }));
beforeEach(() => (['train', 'val', 'test'] as const).forEach(write));
afterAll(() => rmSync(root, { recursive: true }));

const musicAvqa = (changes: object = {}) =>
  ({ kind: 'music-avqa', root, holdOut: 0.4, holdOutSeed: 1, ...changes }) as Experiment['dataset'];
const videosOf = (questions: readonly Question[]) => [...new Set(questions.map(({ videoId }) => videoId))];
const idsOf = (questions: readonly Question[]) => questions.map(({ id }) => id).sort((a, b) => a - b);
const idsIn = (split: 'val' | 'test' | 'train') =>
  (JSON.parse(annotations[split]) as { question_id: number }[]).map(({ question_id }) => question_id).sort((a, b) => a - b);

it('every question of the embedded world has a declaration', () => {
  const { annotations: more } = planWorld({ seed: 3, videos: { train: 60, val: 1, test: 1 } });
  const rows = JSON.parse(more.train) as { question_content: string }[];
  expect(new Set(rows.map((row) => row.question_content)).size).toBeGreaterThan(20);
  const texts = rows.map((row) => row.question_content.replace('?', '').replaceAll(/<\w+>/g, 'x'));
  expect(texts.filter((text) => declarationOf(text) === text)).toEqual([]);
});

it('takes each part from its own file where there is a train file', () => {
  const { train, val, test, sources, digests } = readQuestions(root, musicAvqa());
  expect([idsOf(train), idsOf(val), idsOf(test)]).toEqual([idsIn('train'), idsIn('val'), idsIn('test')]);
  expect(sources).toEqual([
    expect.stringMatching(new RegExp(`^train: ${train.length} questions from ${root}/avqa-train.json \\(unknown file`)),
    expect.stringMatching(/^val: /),
    expect.stringMatching(/^test: /),
  ]);
  expect(new Set(Object.values(digests)).size).toBe(3);
});

describe('without a train file', () => {
  beforeEach(() => rmSync(join(root, 'avqa-train.json')));

  it('trains on most of val and chooses the epoch by the rest; no video is on both sides', () => {
    const { train, val, test, digests } = readQuestions(root, musicAvqa());
    expect([videosOf(train).length, videosOf(val).length]).toEqual([3, 2]); // two of val's five videos are held out
    expect(videosOf(val).filter((video) => videosOf(train).includes(video))).toEqual([]);
    expect(idsOf([...train, ...val])).toEqual(idsIn('val'));
    expect(idsOf(test)).toEqual(idsIn('test'));
    expect(digests.train).toBe(digests.val); // both from one file
    expect(digests.test).not.toBe(digests.val);
  });

  it('holds out by its own seed, and the same videos each time', () => {
    const heldOut = (holdOutSeed: number) => videosOf(readQuestions(root, musicAvqa({ holdOutSeed })).val);
    expect(heldOut(1)).toEqual(heldOut(1));
    expect(new Set([1, 2, 3, 4, 5].map((seed) => heldOut(seed).join())).size).toBeGreaterThan(1);
  });

  it('is no embedded world', () => {
    const world = { kind: 'mini-avqa', seed: 3 } as Experiment['dataset'];
    expect(() => readQuestions(root, world)).toThrow(`avqa-train.json or avqa-train.json.gz is in none of ${root}`);
  });
});

it('knows the words of the training part alone', () => {
  const { train, val, test, vocabulary } = readQuestions(root, musicAvqa());
  const known = new Set(train.flatMap(({ words }) => words));
  expect(vocabulary.size).toBe(known.size + 2);
  const others = [...val, ...test].flatMap(({ words }) => words).filter((word) => !known.has(word));
  expect(others.length).toBeGreaterThan(0);
  for (const word of others) expect(vocabulary.indexOf(word)).toBe(vocabulary.unknownIndex);
});

describe('questions and videos of one part that are in an earlier one as well', () => {
  type Row = { question_id: number; video_id: string; question_content: string; templ_values: string };
  const rowsOf = (split: 'train' | 'val' | 'test') => JSON.parse(annotations[split]) as Row[];
  const remarksWith = (test: readonly Row[]) => {
    writeFileSync(join(root, 'avqa-test.json'), JSON.stringify(test.map((row, index) => ({ ...row, question_id: 100_000 + index }))));
    return readQuestions(root, musicAvqa()).sources.slice(3);
  };
  const test = rowsOf('test');
  const own = test.length;

  it('are counted in a line', () => {
    const [train] = rowsOf('train');
    const [val] = rowsOf('val');
    expect(remarksWith([...test, train, val])).toEqual([
      `test shares 2 of ${own + 2} questions (same video and words) and 2 of 6 videos with train or val. Its accuracy may be higher than on new questions`,
    ]);
  });

  it('are videos alone', () => {
    const { video_id } = rowsOf('val')[0];
    const row = { ...test[0], video_id, question_content: 'Is it never asked?', templ_values: '[]' };
    expect(remarksWith([...test, row])).toEqual(['test shares 1 of 5 videos with train or val']);
  });

  it('of val are counted against train', () => {
    writeFileSync(join(root, 'avqa-val.json'), annotations.train);
    const { train } = readQuestions(root, musicAvqa());
    expect(readQuestions(root, musicAvqa()).sources.slice(3)).toEqual([
      `val shares ${train.length} of ${train.length} questions (same video and words) and 2 of 2 videos with train. Its accuracy may be higher than on new questions`,
    ]);
  });

  const real = process.env.TASS_DATA ?? '';
  (findAnnotations(real, 'test') ? it : it.skip)('are no matter of the official splits (needs TASS_DATA)', () => {
    const { val, test, train, sources } = readQuestions(real, musicAvqa());
    expect(overlapOf(test, [...train, ...val])).toEqual({ questions: 0, videos: 2296, ofVideos: 6399 });
    expect(sources).toHaveLength(3);
  });
});

describe('only videos that are here', () => {
  beforeEach(() => rmSync(join(root, 'avqa-train.json')));

  it('are divided among themselves; digests say which questions are left', () => {
    const whole = readQuestions(root, musicAvqa());
    const [some, others] = [videosOf(whole.files.val.questions).slice(0, 3), videosOf(whole.test).slice(1)];
    const here = new Set([...some, ...others]);
    const { train, val, test, sources, digests, files } = readQuestions(root, musicAvqa({ questions: 'present' }), (id) => here.has(id));
    expect([...videosOf(train), ...videosOf(val)].sort()).toEqual([...some].sort());
    expect([videosOf(val).length, videosOf(test)]).toEqual([1, others]);
    expect(files.val.present).toEqual({ videos: 3, ofVideos: 5, ofQuestions: whole.files.val.questions.length });
    expect(sources[2]).toMatch(/, only those whose videos are here: 3 of 4 videos, \d+ of \d+ questions$/);
    expect(digests.train).toBe(digests.val); // both of one file, as without it
    for (const part of ['val', 'test']) expect(digests[part]).not.toBe(whole.digests[part]);
    expect(readQuestions(root, musicAvqa(), () => true)).toEqual(whole);
  });

  it('may be too few to hold some out, which what makes features does not ask for', () => {
    const { val } = readQuestions(root, musicAvqa()).files;
    const [one] = videosOf(val.questions);
    const isHere = (id: string) => id === one || !videosOf(val.questions).includes(id);
    expect(() => readQuestions(root, musicAvqa(), isHere)).toThrow('of 1 videos is 0 videos, expected at least 1 on either side. Two videos are needed to hold one out'); // prettier-ignore
    expect(() => readQuestions(root, musicAvqa({ holdOut: 0.01 }))).toThrow('Set dataset.holdOut to 0.2 or more, below 1');
    expect(videosOf(readAllQuestions(root, musicAvqa({ holdOut: 0.01 }), isHere))).toContain(one);
  });

  it('are none', () =>
    expect(() => readQuestions(root, musicAvqa(), () => false)).toThrow(
      /none of the 5 videos of .*avqa-val.json is here, neither frames nor sound nor features/,
    ));
});
