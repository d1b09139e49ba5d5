import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectSettings } from '@tass/config';
import { fitPrior, scoreByType, percent, type PriorRule } from '@tass/evaluation';
import { wantedFeatures } from './features/wanted-features';
import { experimentIdentity } from './identity';
import { loadExperiment } from './load-experiment';
import { readQuestions } from './questions';
import type { Experiment } from './schema';

const real = process.env.TASS_DATA ?? '';
const isThere = ['music-avqa-v2/test_bias.json.gz', 'music-avqa/avqa-val.json.gz'].every((file) => existsSync(join(real, file)));
const whenThere = isThere ? describe : describe.skip;
const settings = projectSettings(join(__dirname, '../../..'), {});
const load = (...overrides: string[]): Experiment => loadExperiment(settings, 'question-only', overrides);
const v2 = (version: string): Experiment['dataset'] => load('dataset=music-avqa-v2', `dataset.version=${version}`).dataset;
const r = load('dataset=music-avqa-r').dataset;

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'tass-further-'))));
afterEach(() => rmSync(root, { recursive: true }));

type Row = Record<string, unknown>;
/** A row of v2.0, with what a published one may have. */
const row = (video: string, question: string, answer: string, more: Row = {}): Row => ({
  ...{ video_id: video, question_id: null, type: '["Audio", "Counting"]', question_content: question, templ_values: '[]', anser: answer },
  ...more,
});
const many = (from: number, to: number): Row[] =>
  Array.from({ length: to - from }, (_, at) => row(`v${from + at}`, 'How many sounds?', 'two'));

function put(name: string, rows: readonly Row[]): void {
  mkdirSync(join(root, name, '..'), { recursive: true });
  writeFileSync(join(root, name), JSON.stringify(rows));
}

describe('MUSIC-AVQA v2.0', () => {
  it('takes rows as they are published, by position', () => {
    put('balance_valid.json', many(0, 10));
    put('data/balance_full_set/test_balance.json', [
      row('6cjIJVzP6eI_#05_flip', 'Is the <Object> louder?', 'yes', {
        templ_values: ['cello'],
        unmatch_audio: 'x',
        question_deleted: null,
      }),
      row('-abcdefghij', 'Is the <Object> louder?', 'no', { templ_values: '["cello"]', question_id: 7, question_deleted: 0 }),
      row('va00000003', 'Is it?', 'no', { question_id: 7.5, person: null, type: '["Visual", "Location"]' }),
    ]);
    const { test, files } = readQuestions(root, v2('balance'));
    expect(test.map(({ id, videoId, text, template, answer }) => [id, videoId, text, template, answer])).toEqual([
      [0, '6cjIJVzP6eI_#05_flip', 'Is the cello louder', 'Is the <Object> louder', 7],
      [1, '-abcdefghij', 'Is the cello louder', 'Is the <Object> louder', 4],
      [2, 'va00000003', 'Is it', 'Is it', 4],
    ]);
    expect([files.test.identifiedBy, files.test.ids]).toEqual(['position', { missing: 1, repeated: 0 }]);
  });

  it('scores no question that train or val holds with the same answer, and says how many', () => {
    put('balance_valid.json', many(0, 10));
    put('test_balance.json', [
      ...many(8, 14),
      ...many(13, 14),
      row('v3', 'How many sounds?', 'three'),
      row('v12', 'How many sounds?', 'one'),
    ]);
    const { train, val, test, sources, furtherTest, digests } = readQuestions(root, v2('balance'));
    expect([train.length, val.length]).toEqual([9, 1]); // a tenth of ten videos
    expect(test.map(({ id }) => id)).toEqual([2, 3, 4, 5, 6, 7, 8]);
    expect(furtherTest).toEqual({ name: 'MUSIC-AVQA v2.0, balance', leftOut: 2 });
    expect(sources.slice(3)).toEqual([
      'test: 2 of 9 questions are left out, as the model was trained or chosen on them; scored, as it learnt another answer to them: 1',
      'test: rows that repeat an earlier one: 1; questions with several answers: 1; all are scored',
    ]);
    expect(digests.train).toBe(digests.val);
  });

  it('takes the rows of val out of an official train file, and does without a val file', () => {
    put('bias_set/train_bias.json', many(0, 10));
    put('bias_set/test_bias.json', many(20, 22));
    expect(readQuestions(root, v2('bias'))).toMatchObject({ train: { length: 9 }, val: { length: 1 } });
    put('bias_valid.json', many(6, 9));
    const { train, val, sources } = readQuestions(root, v2('bias'));
    expect([train.length, val.length]).toEqual([7, 3]);
    expect(sources[3]).toBe(`train: without 3 questions of ${root}/bias_set/train_bias.json that are in val`);
    put('annots/music_avqa_v2/bias_train.json', many(0, 6));
    expect(readQuestions(root, v2('bias')).files.train.place).toBe(`${root}/bias_set/train_bias.json`);
    put('bias_train.json', many(0, 6));
    expect(readQuestions(root, v2('bias'))).toMatchObject({ train: { length: 6 }, files: { train: { place: `${root}/bias_train.json` } } });
  });

  it('names the files it looked for, and where they are to be had', () => {
    put('test_bias.json', many(0, 2));
    expect(() => readQuestions(root, v2('bias'))).toThrow(
      `none of bias_valid.json, bias_valid.json.gz is in ${root}, ${root}/music-avqa-v2, `,
    );
    put('bias_valid.json', many(0, 4));
    expect(() => readQuestions(root, v2('balance'))).toThrow('The repository AIM-SKKU/QA-TIGER on GitHub has it');
    put('balance_valid.json', many(0, 10));
    expect(() => readQuestions(root, v2('balance'))).toThrow('none of test_balance.json, test_balance.json.gz is in');
  });

  it('is another experiment in each version; the root changes nothing', () => {
    const identity = (...overrides: string[]) => experimentIdentity(load('dataset=music-avqa-v2', ...overrides));
    expect(identity('dataset.version=bias')).not.toEqual(identity());
    expect(identity('dataset.root=/elsewhere')).toEqual(identity());
  });
});

whenThere(`the files of MUSIC-AVQA v2.0 (skipped unless TASS_DATA holds them)`, () => {
  const accuracy = (rule: PriorRule, fitted: Experiment['dataset'], tested: Experiment['dataset']): string[] => {
    const { files } = readQuestions(real, fitted);
    const test = readQuestions(real, tested).files.test.questions;
    const { all, groups } = scoreByType(fitPrior(files.val.questions, rule, { fallback: 'type' }).predictAll(test), test);
    return [all, groups.Audio, groups.Visual, groups['Audio-Visual']].map((count) => percent(count).toFixed(2));
  };

  it('has the floors of its description', () => {
    const v1 = load('dataset=music-avqa').dataset;
    expect(accuracy('question', v2('balance'), v2('balance'))).toEqual(['43.91', '50.22', '40.91', '43.20']);
    const over = (...asked: Parameters<typeof accuracy>): string => accuracy(...asked)[0];
    expect((['type', 'template'] as const).map((rule) => over(rule, v2('balance'), v2('balance')))).toEqual(['32.44', '42.57']);
    const rules = ['type', 'template', 'question'] as const;
    expect(rules.map((rule) => over(rule, v1, v2('balance')))).toEqual(['32.13', '42.55', '44.19']);
    expect(rules.map((rule) => over(rule, v1, v2('bias')))).toEqual(['36.13', '50.48', '51.05']);
    expect(over('question', load('dataset=music-avqa-v2', 'dataset.version=balance').dataset, v2('bias'))).toBe('47.95');
  });

  it('is found below one root with MUSIC-AVQA, a tenth of its val videos held out', () => {
    const { train, val, test, furtherTest } = readQuestions(real, v2('balance'));
    expect([train.length + val.length, test.length, furtherTest?.leftOut]).toEqual([5346, 10_816, 3]);
    expect(new Set(val.map(({ videoId }) => videoId)).size).toBe(432);
  });
});

it.each([
  ['music-avqa', 'features', undefined],
  ['music-avqa-v2', 'features-music-avqa-v2-balance', undefined],
  ['music-avqa-r', 'features-music-avqa-r', 32],
  ['fortis-avqa', 'features-fortis-avqa', 32],
])('features of %s lie in a store of their own', (dataset, folder, words) => {
  const experiment = loadExperiment(settings, 'tass', [`dataset=${dataset}`, 'features=tiny']);
  const { plan } = wantedFeatures(experiment, settings, root, [])!;
  expect([plan.storeRoot, plan.words]).toEqual([join(root, folder), words]);
  const elsewhere = loadExperiment(settings, 'tass', [`dataset=${dataset}`, 'features=tiny', 'features.store=/elsewhere']);
  expect(wantedFeatures(elsewhere, settings, root, [])!.plan.storeRoot).toBe('/elsewhere');
});

describe('MUSIC-AVQA-R', () => {
  const rephrased = (video: string, id: number, question: string, answer: string, more: Row = {}): Row => ({
    ...{ video_id: video, question_id: id, type: '["Audio", "Counting"]', question_content: question, anser: answer },
    ...more,
  });
  beforeEach(() => {
    put('avqa-val.json', many(0, 10).map((one, id) => ({ ...one, question_id: id, question_deleted: 0 }))); // prettier-ignore
    put('music-avqa-r/avqa-test-head.json', [
      rephrased('00000093', 12, 'Throughout the video, how many musical instruments were heard?', 'one'),
      rephrased('00000093', 12, 'How many instruments can be heard', 'one', { templ_values: '["cello"]' }),
    ]);
  });

  it('reads head and tail, by position, questions as they are', () => {
    put('music-avqa-r/avqa-test-tail.json', [
      rephrased('00000094', 12, 'Does the <Object> always play?', 'no', { templ_values: '["cello"]' }),
      rephrased('v3', 3, 'How many sounds', 'two'),
    ]);
    const { train, val, test, files, furtherTest, digests } = readQuestions(root, r);
    expect([train.length, val.length]).toEqual([9, 1]);
    expect(test.map(({ id, text, frequency }) => [id, text, frequency])).toEqual([
      [0, 'Throughout the video, how many musical instruments were heard', 'head'],
      [1, 'How many instruments can be heard', 'head'],
      [2, 'Does the cello always play', 'tail'],
    ]);
    expect(files.test).toMatchObject({ identifiedBy: 'position', ids: { missing: 0, repeated: 1 }, questions: { length: 4 } });
    expect(furtherTest).toEqual({ name: 'MUSIC-AVQA-R', leftOut: 1 });
    expect([digests.test.length, digests.train === digests.val]).toEqual([64, true]);
  });

  it('takes the union of head and tail for neither', () => {
    const head = [rephrased('a', 1, 'Is it?', 'yes'), rephrased('b', 1, 'Is it?', 'no')];
    put('music-avqa-r/avqa-test-head.json', head);
    put('music-avqa-r/avqa-test-tail.json', head.slice(1));
    expect(() => readQuestions(root, r)).toThrow('avqa-test-tail.json: all of its questions are in');
    put('music-avqa-r/avqa-test-tail.json', [...head.slice(1), rephrased('c', 1, 'Is it?', 'no')]);
    expect(readQuestions(root, r).sources).toContain(
      `${root}/music-avqa-r/avqa-test-tail.json: 1 of its questions are in ${root}/music-avqa-r/avqa-test-head.json as well`,
    );
    rmSync(join(root, 'music-avqa-r/avqa-test-tail.json'));
    put('music-avqa-r/avqa-test-headtail.json', [rephrased('a', 1, 'Is it?', 'yes')]);
    expect(() => readQuestions(root, r)).toThrow(
      `music-avqa-r/avqa-test-headtail.json is the union of avqa-test-head.json and avqa-test-tail.json; it does not say which answers are rare.`,
    );
  });
});

describe('FortisAVQA', () => {
  const fortis = load('dataset=fortis-avqa').dataset;
  const rephrased = (video: string, question: string, split: unknown, more: Row = {}): Row => ({
    ...{ video_id: video, question_id: 2945, type: '["Audio", "Comparative"]', question_content: question, anser: 'yes', split, x: 0.79 },
    ...more,
  });
  beforeEach(() => {
    put('avqa-val.json', many(0, 10).map((one, id) => ({ ...one, question_id: id, question_deleted: 0 }))); // prettier-ignore
  });

  it('reads one file, by position, each row with its half', () => {
    put('FortisAVQA-test.json', [
      rephrased('00000823', 'Is the tuba louder than the acoustic_guitar', 'tail', { _comment_split: 'the half' }),
      rephrased('00000823', 'Compared with the acoustic_guitar, does the tuba sound louder?', 'tail'),
      rephrased('00000824', 'Would you say that the cello is the louder one?', 'head', { anser: 'no' }),
      rephrased('v3', 'How many sounds', 'head', { anser: 'two', type: '["Audio", "Counting"]' }),
    ]);
    const { train, val, test, files, furtherTest, sources } = readQuestions(root, fortis);
    expect([train.length, val.length]).toEqual([9, 1]);
    expect(test.map(({ id, text, frequency }) => [id, text, frequency])).toEqual([
      [0, 'Is the tuba louder than the acoustic_guitar', 'tail'],
      [1, 'Compared with the acoustic_guitar, does the tuba sound louder', 'tail'],
      [2, 'Would you say that the cello is the louder one', 'head'],
    ]);
    expect(files.test).toMatchObject({ place: `${root}/FortisAVQA-test.json`, identifiedBy: 'position', ids: { repeated: 1 } });
    expect(furtherTest).toEqual({ name: 'FortisAVQA', leftOut: 1 });
    expect(sources).toContain(`${root}/FortisAVQA-test.json: it has 4 questions, the published test 211,572`);
  });

  it.each([
    ['middle', 'row 0, question_id 2945: split is "middle", expected head or tail'],
    [1, 'row 0, question_id 2945: split is 1, expected a text'],
    [undefined, 'row 0, question_id 2945: key split is missing. Its keys: video_id'],
  ])('refuses a row whose half is %j', (split, message) => {
    put(
      'FortisAVQA-test.json',
      [rephrased('00000823', 'Is it?', split)].map((one) => JSON.parse(JSON.stringify(one)) as Row),
    );
    expect(() => readQuestions(root, fortis)).toThrow(message);
  });

  it('says where the file is to be had, and which file has nearly its name', () => {
    expect(() => readQuestions(root, fortis)).toThrow(
      `FortisAVQA-test.json or FortisAVQA-test.json.gz is in none of ${root}, ${root}/fortis-avqa, `,
    );
    expect(() => readQuestions(root, fortis)).toThrow('reml-group/fortisavqa');
    put('fortis-avqa/fortisavqa_test.json', [rephrased('00000823', 'Is it?', 'head')]);
    expect(() => readQuestions(root, fortis)).toThrow(`There is ${root}/fortis-avqa/fortisavqa_test.json: rename it if it is the file.`);
  });

  it('is another experiment than MUSIC-AVQA-R', () => {
    expect(experimentIdentity(load('dataset=fortis-avqa'))).not.toEqual(experimentIdentity(load('dataset=music-avqa-r')));
  });
});
