import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ANSWERS, type Question } from '@tass/dataset-music-avqa';
import { readAnswers, toRecords, writePredictions } from './index';
import { question } from './fixtures/questions';

const questions: Question[] = [5, 3, 8].map((id) => question(id, `v${id}`, id, id));
const records = (...places: number[]) =>
  toRecords(
    questions,
    Float32Array.from({ length: 42 * 3 }, (_, at) => Number(at % 42 === places[Math.floor(at / 42)])),
  );

let folder: string;
let file: string;
let answers: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'answers-'));
  [file, answers] = ['jsonl', 'answers'].map((ending) => join(folder, `predictions-test.${ending}`));
  writePredictions(file, records(6, 41, 9));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Another content of the same size, written over the file as another program would. */
const overwrite = (): void => writeFileSync(file, readFileSync(file, 'utf8').replace('"predicted":6,', '"predicted":7,'));
it('lie beside the predictions: one byte a question after a head, the same bytes for the same predictions', () => {
  const bytes = readFileSync(answers);
  expect(bytes.subarray(0, 8).toString('latin1')).toBe('TASSANS1');
  expect(bytes.length).toBe(8 + 32 + 32 + 8 + 3 + 32);
  expect([...bytes.subarray(80, 83)]).toEqual([6, 41, 9]);
  writePredictions(file, records(6, 41, 9));
  expect(readFileSync(answers)).toEqual(bytes);
});

it('are read instead of the predictions while these were not touched', () => {
  const before = statSync(file);
  const content = readFileSync(file);
  expect([...readAnswers(file, questions)]).toEqual([6, 41, 9]);
  writeFileSync(file, Buffer.alloc(content.length));
  utimesSync(answers, new Date(), new Date(Date.now() + 60_000)); // as if nothing had happened
  expect(statSync(file).size).toBe(before.size);
  expect([...readAnswers(file, questions)]).toEqual([6, 41, 9]);
});

it('are made where there are none, and done without where they cannot be stored', () => {
  const bytes = readFileSync(answers);
  rmSync(answers);
  expect([...readAnswers(file, questions)]).toEqual([6, 41, 9]);
  expect(readFileSync(answers)).toEqual(bytes);
  rmSync(answers);
  mkdirSync(answers); // nothing can be renamed to it
  expect([...readAnswers(file, questions)]).toEqual([6, 41, 9]);
  expect(readdirSync(folder)).toEqual(['predictions-test.answers', 'predictions-test.jsonl']);
});

describe('are made anew', () => {
  const fresh = (): void => utimesSync(answers, new Date(), new Date(Date.now() + 60_000));

  it('when the predictions were written over, also with the same size', () => {
    overwrite();
    utimesSync(answers, new Date(0), new Date(0));
    expect([...readAnswers(file, questions)]).toEqual([7, 41, 9]);
    fresh();
    expect([...readAnswers(file, questions)]).toEqual([7, 41, 9]);
  });

  it('when the size is another, whatever the dates', () => {
    writeFileSync(file, readFileSync(file, 'utf8').replace('"predicted":6,', '"predicted":16,'));
    fresh();
    expect([...readAnswers(file, questions)]).toEqual([16, 41, 9]);
  });

  it('for other questions, another order, another right answer', () => {
    fresh();
    expect([...readAnswers(file, [...questions].reverse())]).toEqual([9, 41, 6]);
    expect(() => readAnswers(file, questions.slice(1))).toThrow('questionId 5 is not among the questions');
    expect(() => readAnswers(file, [{ ...questions[0], answer: 1 }, ...questions.slice(1)])).toThrow('answer is 5, expected 1');
  });

  it.each(['magic', 'answer', 'checksum', 'end', 'start'])('when they are damaged: %s', (where) => {
    const bytes = readFileSync(answers);
    if (where === 'end') writeFileSync(answers, bytes.subarray(0, -1));
    else if (where === 'start') writeFileSync(answers, '');
    else {
      bytes[{ magic: 7, answer: 81, checksum: bytes.length - 1 }[where] as number] ^= 1;
      writeFileSync(answers, bytes);
    }
    fresh();
    expect([...readAnswers(file, questions)]).toEqual([6, 41, 9]);
    expect([...readFileSync(answers).subarray(80, 83)]).toEqual([6, 41, 9]);
  });
});

it('of a copied folder, whose dates say nothing, hold while the content is the same, and need not be looked at again', () => {
  utimesSync(answers, new Date(0), new Date(0));
  expect([...readAnswers(file, questions)]).toEqual([6, 41, 9]);
  expect(statSync(answers).mtimeMs).toBeGreaterThanOrEqual(statSync(file).mtimeMs);
});

it('do not hide that the predictions are gone or damaged', () => {
  rmSync(file);
  expect(() => readAnswers(file, questions)).toThrow(`${file}: is not there`);
  writeFileSync(file, '{}\n');
  expect(() => readAnswers(file, questions)).toThrow(`${file}: line 1: questionId is undefined`);
  expect(readdirSync(folder)).toEqual(['predictions-test.answers', 'predictions-test.jsonl']);
  expect(ANSWERS.length).toBeLessThan(256);
});

describe('of a file that was not written here, are taken line by line only where every line is as it is written here', () => {
  const changed = (from: string | RegExp, to: string): Uint8Array => {
    writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
    rmSync(answers);
    return readAnswers(file, questions);
  };

  it.each<[string, string | RegExp, string]>([
    ['keys in another order', '{"questionId":5,"videoId":"v5",', '{"videoId":"v5","questionId":5,'],
    ['blanks', '"predicted":41', '"predicted": 41'],
    ['lines in another order', /^(.*\n)(.*\n)/, '$2$1'],
  ])('%s change nothing', (_, from, to) => expect([...changed(from, to)]).toEqual([6, 41, 9]));

  it.each<[string, string | RegExp, string, string]>([
    ['another video', '"v3"', '"v4"', 'line 2: videoId is "v4", expected "v3"'],
    ['another right answer', '"answer":3', '"answer":4', 'line 2: answer is 4, expected 3'],
    ['no answer index', '"predicted":41', '"predicted":42', 'question ids whose predicted value is not an answer index (1): 3 (42)'],
    ['a cut off line', /.{9}\n$/, '', 'line 3 does not end'],
    ['a damaged line', /\}\n$/, '\n', 'line 3 is not JSON'],
    ['a line too many', /$/, '{}\n', 'line 4: questionId is undefined'],
    ['a line too few', /^.*\n/, '', 'question ids without a prediction (1): 5'],
  ])('%s is an error', (_, from, to, message) => expect(() => changed(from, to)).toThrow(message));
});
