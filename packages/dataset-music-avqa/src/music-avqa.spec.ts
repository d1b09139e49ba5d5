import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  QUESTION_TYPES,
  type Question,
  Vocabulary,
  declarationOf,
  findAnnotations,
  holdOut,
  planBatches,
  readAnnotations,
  readSplit,
  seededRandom,
} from './index';

const root = process.env.TASS_DATA ?? '';
const isThere = ['val', 'test', 'train_fake'].every((split) => existsSync(join(root, 'music-avqa', `avqa-${split}.json.gz`)));
const whenThere = isThere ? describe : describe.skip;

whenThere(`the real questions of MUSIC-AVQA (skipped unless TASS_DATA holds them)`, () => {
  const perType = (questions: readonly Question[]): number[] =>
    QUESTION_TYPES.map(({ index }) => questions.filter(({ type }) => type === index).length);

  it('val and test are the official release with its counts', () => {
    const val = readSplit(root, 'val');
    const test = readSplit(root, 'test');
    expect(val.release).toEqual({ kind: 'official', name: 'json_update/avqa-val.json', split: 'val' });
    expect(test.release).toEqual({ kind: 'official', name: 'json_update/avqa-test.json', split: 'test' });
    expect(test.sha256).toBe('76ce24ee02fd85e28038605aedd4f62633e1335ccda96a1fcf7340b5feaf230e');
    expect(test.gitBlob).toBe('84e8b4579b1bd62e5bf0b5e1e6545a3e68b39f88');
    expect([val.questions.length, test.questions.length]).toEqual([4568, 9129]);
    expect(perType(val.questions)).toEqual([511, 295, 600, 613, 495, 633, 461, 549, 411]);
    expect(perType(test.questions)).toEqual([1017, 594, 1197, 1225, 988, 1265, 920, 1101, 822]);
    expect(val.repeatedIds).toEqual([]);

    const videos = (questions: readonly Question[]) => new Set(questions.map(({ videoId }) => videoId));
    const [inVal, inTest] = [videos(val.questions), videos(test.questions)];
    expect([inVal.size, inTest.size, [...inVal].filter((video) => inTest.has(video)).length]).toEqual([3815, 6399, 2296]);
    for (const { questions } of [val, test]) {
      expect(new Set(questions.map(({ answer }) => answer)).size).toBe(41);
      expect(questions.some(({ answer }) => answer === 33)).toBe(false); // "ten"
      expect(new Set(questions.map(({ template }) => template)).size).toBe(33);
      expect(questions.filter(({ text }) => declarationOf(text) === text)).toEqual([]);
      expect(Math.min(...questions.map(({ words }) => words.length))).toBe(4);
      expect(Math.max(...questions.map(({ words }) => words.length))).toBe(14);
      expect(questions.filter(({ text }) => /[?\uFF1F<>]|^\s|\s$|\s\s/.test(text))).toEqual([]);
    }
    expect(Vocabulary.fromQuestions([...val.questions, ...test.questions]).size).toBe(92 + 2);
    expect(Vocabulary.fromQuestions(val.questions).size).toBe(90 + 2);
  });

  it('val is the official release however it was written, with the same digest', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rewritten-'));
    const file = join(folder, 'avqa-val.json');
    try {
      const { sha256, gitBlob, release, questions } = readSplit(root, 'val');
      const text = gunzipSync(readFileSync(join(root, 'music-avqa/avqa-val.json.gz'))).toString();
      const rows = JSON.parse(text) as Record<string, unknown>[];
      const sorted = rows.map((row) => Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))));
      const copies = [
        text.replaceAll('\n', '\r\n'),
        `\ufeff${text.replaceAll('\n', '\r\n')}\r\n`,
        `${text}\n`,
        JSON.stringify(rows), // the full-width question mark is not escaped
        JSON.stringify(sorted, null, 4),
      ];
      for (const copy of copies) {
        writeFileSync(file, copy);
        expect(readAnnotations(file)).toMatchObject({ file, questions, sha256, gitBlob, release, repeatedIds: [] });
      }
      for (const other of [rows.slice(1), rows.toReversed(), rows.map((row, i) => (i === 7 ? { ...row, anser: 'two' } : row))]) {
        writeFileSync(file, JSON.stringify(other, null, 2));
        expect(readAnnotations(file).release.kind).toBe('unknown');
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('train_fake is read by its name only, with the repeated ids named', () => {
    const fake = readSplit(root, 'train_fake');
    expect(fake.release).toEqual({ kind: 'synthetic', name: 'json/avqa-train_fake.json', split: 'train_fake' });
    expect([fake.questions.length, fake.repeatedIds.length]).toEqual([6177, 56]);
    expect(findAnnotations(join(root, 'music-avqa'), 'train')).toBeUndefined();
  });

  it('a file under the name of another split is refused', () => {
    const folder = mkdtempSync(join(tmpdir(), 'renamed-'));
    try {
      cpSync(join(root, 'music-avqa/avqa-train_fake.json.gz'), join(folder, 'avqa-train.json.gz'));
      cpSync(join(root, 'music-avqa/avqa-test.json.gz'), join(folder, 'avqa-val.json.gz'));
      expect(() => readSplit(folder, 'train')).toThrow(
        /is json\/avqa-train_fake\.json, an older list .* Remove it: without a train file, part of val is used for training$/,
      );
      expect(() => readAnnotations(join(folder, 'avqa-train.json.gz'))).toThrow('no replacement for the train file');
      expect(readAnnotations(join(folder, 'avqa-train.json.gz'), { split: 'train_fake' }).questions).toHaveLength(6177);
      expect(() => readSplit(folder, 'val')).toThrow(
        'is json_update/avqa-test.json but would be used as val. Put the file of that split there',
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("a tenth of val's videos can be held out", () => {
    const { kept, heldOut } = holdOut(readSplit(root, 'val').questions, { share: 0.1, seed: 0 });
    expect(new Set(heldOut.map(({ videoId }) => videoId)).size).toBe(382);
    expect(kept.length + heldOut.length).toBe(4568);
  });

  it('batches of videos waste less than a fiftieth of their slots', () => {
    for (const split of ['val', 'test', 'train_fake'] as const) {
      const { questions } = readSplit(root, split);
      for (const random of [undefined, seededRandom(1)]) {
        const { batches, fill } = planBatches(questions, { questionsPerBatch: 64, questionsPerVideo: 4, random });
        expect(fill).toBeGreaterThan(0.98); // measured 0.992 (val), 0.991 (test), 0.985 (train_fake)
        expect(batches.reduce((sum, { questionIndex }) => sum + questionIndex.filter((index) => index >= 0).length, 0)).toBe(
          questions.length,
        );
      }
    }
  });
});
