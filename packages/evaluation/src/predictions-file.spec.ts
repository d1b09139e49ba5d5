import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Question } from '@tass/dataset-music-avqa';
import { fromSources } from '@tass/testing';
import { type PredictionRecord, readPredictions, toRecords, writePredictions } from './index';

const questions: Question[] = [3, 5, 8].map((id) => ({
  id,
  videoId: `v${id}`,
  type: id,
  answer: 2 * id,
  text: '',
  words: [],
  template: '',
}));
/** Softmax-like rows whose largest value is at these places. */
const probabilities = (...places: number[]): Float32Array =>
  Float32Array.from({ length: 42 * places.length }, (_, at) => (at % 42 === places[Math.floor(at / 42)] ? 0.59 : 0.41 / 41));

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'predictions-'));
  file = join(folder, 'test.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));
const lines = (...records: object[]): void => writeFileSync(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''));

describe('records', () => {
  it('take the most probable answer, the first of equals, with six digits', () => {
    const output = probabilities(6, 41, 9);
    output[2 * 42 + 4] = output[2 * 42 + 9];
    const records = toRecords(questions, output);
    expect(records.map(({ questionId, videoId, type, answer, predicted }) => [questionId, videoId, type, answer, predicted])).toEqual([
      [3, 'v3', 3, 6, 6],
      [5, 'v5', 5, 10, 41],
      [8, 'v8', 8, 16, 4],
    ]);
    expect(records[0].probabilities).toHaveLength(42);
    expect(records[0].probabilities?.slice(5, 8)).toEqual([0.01, 0.59, 0.01]);
  });

  it('refuse a wrong length and numbers that are not finite', () => {
    expect(() => toRecords(questions, probabilities(6, 41))).toThrow('there are 84 probabilities, expected 3 questions x 42 answers');
    const output = probabilities(6, 41, 9);
    output[42 + 1] = NaN;
    expect(() => toRecords(questions, output)).toThrow('question 5: the probability of "cello" is NaN');
  });
});

describe('the file', () => {
  it('gives back what was written, in the order of the questions', () => {
    const records = toRecords(questions, probabilities(6, 41, 9));
    writePredictions(file, [...records].reverse());
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(4);
    expect(readPredictions(file, questions)).toEqual(records);
    expect(readdirSync(folder)).toEqual(['test.answers', 'test.jsonl']);
  });

  it('may come from another program with ids and answers alone', () => {
    lines({ questionId: 5, predicted: 1 }, { questionId: 3, predicted: 0 }, { questionId: 8, predicted: 2 });
    expect(readPredictions(file, questions)[0]).toEqual({ questionId: 3, videoId: 'v3', type: 3, answer: 6, predicted: 0 });
  });

  it('leaves the one before untouched, and nothing else, when it cannot be written', () => {
    writePredictions(file, toRecords(questions, probabilities(1, 2, 3)));
    const before = readFileSync(file);
    const unwritable = toRecords(questions, probabilities(4, 5, 6)).map(
      (record) => ({ ...record, answer: 1n }) as unknown as PredictionRecord,
    );
    expect(() => writePredictions(file, unwritable)).toThrow(`${file}: the predictions cannot be written (`);
    expect(() => writePredictions(join(folder, 'none', 'x'), [])).toThrow(
      /cannot be written \(.*there is no folder .*none\. Make it or choose another \(ENOENT\)/,
    );
    expect(() => writePredictions(join(file, 'x'), [])).toThrow(/cannot be written \(.*is a file, not a folder.*\(ENOTDIR\)/);
    expect(readFileSync(file)).toEqual(before);
    expect(readdirSync(folder)).toEqual(['test.answers', 'test.jsonl']);
  });
});

describe('a file that is refused', () => {
  const good = [3, 5, 8].map((questionId) => ({ questionId, predicted: 1 }));
  const reading = () => readPredictions(file, questions);

  it('is missing', () => {
    expect(reading).toThrow(`${file}: is not there`);
  });

  it('lacks lines, or has one twice', () => {
    lines(good[1]);
    expect(reading).toThrow(`${file}: question ids without a prediction (2): 3, 8`);
    lines(...good, good[0]);
    expect(reading).toThrow(`${file}: question ids predicted more than once (1): 3`);
    writeFileSync(file, '');
    expect(reading).toThrow('without a prediction (3): 3, 5, 8');
  });

  it('is cut off in a line', () => {
    lines(...good);
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, -5));
    expect(reading).toThrow(`${file}: line 3 does not end, the file is cut off`);
  });

  const wrongs: [string, object, string][] = [
    ['is of another split', { questionId: 77, predicted: 1 }, 'questionId 77 is not among the questions'],
    ['has no id', { predicted: 1 }, 'questionId is undefined, expected a whole number'],
    ['has an answer as text', { questionId: 5, predicted: 'yes' }, 'predicted is "yes", expected a whole number'],
    [
      'names another video',
      { ...good[1], videoId: 'v9' },
      'videoId is "v9", expected "v5" as question 5 has it. The predictions are of another dataset',
    ],
    ['names another right answer', { ...good[1], answer: 11 }, 'answer is 11, expected 10 as question 5 has it'],
    ['has too few probabilities', { ...good[1], probabilities: [1] }, 'probabilities of question 5 are not a list of 42 numbers'],
    [
      'has probabilities that are not numbers',
      { ...good[1], probabilities: Array(42).fill(null) },
      'probabilities of question 5 are not a list of 42 numbers',
    ],
  ];
  it.each(wrongs)('%s', (_, record, message) => {
    lines(good[0], record, good[2]);
    expect(reading).toThrow(`${file}: line 2: ${message}`);
  });

  it('has a line that is no JSON', () => {
    writeFileSync(file, `${JSON.stringify(good[0])}\nnull\n`);
    expect(reading).toThrow('line 2: questionId is undefined');
    writeFileSync(file, `${JSON.stringify(good[0])}\n\n`);
    expect(reading).toThrow('line 2 is not JSON');
  });
});

it('several processes that score one run at once write the same files, whole, and leave nothing else', async () => {
  const records = toRecords(questions, probabilities(6, 41, 9));
  const program = `
    const { writePredictions } = require(${JSON.stringify(join(__dirname, 'predictions-file.ts'))});
    for (let count = 1; count <= 100; count++) writePredictions(...${JSON.stringify([file, records])});`;
  const ends = [1, 2, 3].map(() => {
    const child = spawn(process.execPath, [...fromSources, '--eval', program], { stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (data) => (errors += data));
    return new Promise((resolve) => child.once('close', (code) => resolve([code, errors])));
  });
  expect(await Promise.all(ends)).toEqual(ends.map(() => [0, '']));
  expect(readdirSync(folder).sort()).toEqual(['test.answers', 'test.jsonl']);
  expect(readPredictions(file, questions).map(({ predicted }) => predicted)).toEqual([6, 41, 9]);
});
