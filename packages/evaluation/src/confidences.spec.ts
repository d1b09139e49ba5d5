import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ANSWERS, type Question } from '@tass/dataset-music-avqa';
import { readConfidences } from './confidences';
import { toRecords, writePredictions } from './predictions-file';

const folder = mkdtempSync(join(tmpdir(), 'confidences-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'predictions-test.jsonl');

const questions = [7, 3].map((id) => ({ id, videoId: `video ${id}`, type: 2, answer: 5 })) as Question[];
const probabilities = new Float32Array(2 * ANSWERS.length).fill(0.015625);
probabilities[0] = 0.359375; // of the first question, answer 0
probabilities[2 * ANSWERS.length - 1] = 0.5; // of the second, the last answer
const records = toRecords(questions, probabilities);

it('are the probabilities of the answers given', () => {
  writePredictions(file, records);
  expect(readConfidences(file, questions)).toEqual([0.359375, 0.5]);
});

it('are the same in a file with other keys first, or with its lines in another order', () => {
  const otherKeys = records.map(({ probabilities: all, ...rest }) => `${JSON.stringify({ probabilities: all, ...rest })}\n`);
  const otherLines = records.map((record) => `${JSON.stringify(record)}\n`).reverse();
  for (const lines of [otherKeys, otherLines]) {
    writeFileSync(file, lines.join(''));
    expect(readConfidences(file, questions)).toEqual([0.359375, 0.5]);
  }
});

it('are not known where a prediction has none', () => {
  const lines = records.map(({ probabilities: all, ...rest }, at) => JSON.stringify(at === 0 ? { ...rest, probabilities: all } : rest));
  writeFileSync(file, `${lines.join('\n')}\n`);
  expect(readConfidences(file, questions)).toBeNull();
  writeFileSync(file, `${lines[0]}\n`);
  expect(() => readConfidences(file, questions)).toThrow('predictions-test.jsonl');
});
