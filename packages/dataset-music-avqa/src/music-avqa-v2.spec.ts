import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { QUESTION_TYPES, type Question, readAnnotations, readSplit, readV2, withoutOwnRows } from './index';

const root = process.env.TASS_DATA ?? '';
const names = ['test_balance', 'test_bias', 'balance_valid', 'bias_valid'];
const isThere = names.every((name) => existsSync(join(root, 'music-avqa-v2', `${name}.json.gz`)));
const whenThere = isThere ? describe : describe.skip;

const perType = (questions: readonly Question[]): number[] =>
  QUESTION_TYPES.map(({ index }) => questions.filter(({ type }) => type === index).length);
const videosOf = (questions: readonly Question[]): Set<string> => new Set(questions.map(({ videoId }) => videoId));

whenThere(`the real questions of MUSIC-AVQA v2.0 (skipped unless TASS_DATA holds them)`, () => {
  it.each([
    [
      'balance',
      'test',
      'test_balance',
      [1382, 643, 1505, 1338, 1223, 1740, 920, 1101, 967],
      7138,
      42,
      1724,
      { rows: 3, contradictions: 11 },
    ],
    ['bias', 'test', 'test_bias', [1022, 607, 1222, 1230, 901, 1292, 920, 1101, 824], 6456, 42, 600, { rows: 0, contradictions: 2 }],
    ['balance', 'val', 'balance_valid', [686, 314, 737, 664, 594, 861, 460, 549, 481], 4317, 42, 826, { rows: 0, contradictions: 0 }],
    ['bias', 'val', 'bias_valid', [506, 295, 596, 611, 433, 638, 460, 549, 411], 3757, 41, 259, { rows: 0, contradictions: 0 }],
  ] as const)('%s %s has the counts of its release', (version, part, name, types, videos, answers, withoutId, repetitions) => {
    const { questions, release, identifiedBy, ids, repetitions: found } = readV2(root, version, part);
    expect(release).toEqual({ kind: 'v2.0', name: `MUSIC-AVQA v2.0, ${name}.json`, split: name });
    expect(perType(questions)).toEqual(types);
    expect([videosOf(questions).size, new Set(questions.map(({ answer }) => answer)).size]).toEqual([videos, answers]);
    expect([identifiedBy, ids, found]).toEqual(['position', { missing: withoutId, repeated: 0 }, repetitions]);
    expect(questions.every(({ id }, index) => id === index)).toBe(true);
    expect(new Set(questions.map(({ template }) => template)).size).toBe(33);
    expect(questions.filter(({ text }) => /[?\uFF1F<>]|^\s|\s$|\s\s/.test(text))).toEqual([]);
    expect(Math.max(...questions.map(({ words }) => words.length))).toBe(14);
  });

  it('a model of MUSIC-AVQA has seen some of the test questions, one of v2.0 a few', () => {
    const own = (test: 'balance' | 'bias', seen: readonly Question[]) => {
      const { kept, leftOut, otherAnswer } = withoutOwnRows(readV2(root, test, 'test').questions, seen);
      return [kept.length, leftOut, otherAnswer];
    };
    const [val, test] = (['val', 'test'] as const).map((split) => readSplit(root, split).questions);
    expect([own('balance', val), own('bias', val)]).toEqual([
      [10_400, 419, 5],
      [8756, 363, 0],
    ]);
    expect([own('balance', test)[1], own('bias', test)[1]]).toEqual([5531, 5400]);
    const valid = (version: 'balance' | 'bias') => readV2(root, version, 'val').questions;
    expect([own('balance', valid('balance')), own('bias', valid('bias'))]).toEqual([
      [10_816, 3, 5],
      [9115, 4, 1],
    ]);
  });

  it('every question of the biased test is in the balanced one', () => {
    const [balance, bias] = (['balance', 'bias'] as const).map((version) => readV2(root, version, 'test').questions);
    expect(withoutOwnRows(bias, balance).kept).toEqual([]);
  });

  it('a file under the name of another part, version or benchmark is refused', () => {
    const folder = mkdtempSync(join(tmpdir(), 'renamed-v2-'));
    const as = (from: string, to: string): void => cpSync(join(root, from), join(folder, to));
    try {
      as('music-avqa-v2/test_bias.json.gz', 'test_balance.json.gz');
      expect(() => readV2(folder, 'balance', 'test')).toThrow('is MUSIC-AVQA v2.0, test_bias.json but would be used as test_balance.');
      as('music-avqa-v2/balance_valid.json.gz', 'balance_train.json.gz');
      expect(() => readV2(folder, 'balance', 'train')).toThrow(
        'is MUSIC-AVQA v2.0, balance_valid.json but would be used as balance_train.',
      );
      as('music-avqa-v2/test_balance.json.gz', 'avqa-test.json.gz');
      expect(() => readSplit(folder, 'test')).toThrow(
        'is MUSIC-AVQA v2.0, test_balance.json, but would be used as a file of MUSIC-AVQA. Put the file of dataset=music-avqa there, or read this one with dataset=music-avqa-v2',
      );
      as('music-avqa/avqa-val.json.gz', 'balance_valid.json.gz');
      expect(() => readV2(folder, 'balance', 'val')).toThrow(
        'is json_update/avqa-val.json, but would be used as a file of MUSIC-AVQA v2.0.',
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is recognised after a way through another system', () => {
    const folder = mkdtempSync(join(tmpdir(), 'copied-v2-'));
    try {
      const { file, release } = readV2(root, 'bias', 'test');
      const text = gunzipSync(readFileSync(file)).toString();
      for (const copy of [`\uFEFF${text.replaceAll('\n', '\r\n')}`, JSON.stringify(JSON.parse(text))]) {
        writeFileSync(join(folder, 'test_bias.json'), copy);
        expect(readAnnotations(join(folder, 'test_bias.json'), { benchmark: 'v2.0' }).release).toEqual(release);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
