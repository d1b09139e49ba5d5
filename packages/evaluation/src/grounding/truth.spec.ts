import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTruth, readTruth } from './truth';

const folder = mkdtempSync(join(tmpdir(), 'truth-'));
const file = join(folder, 'grounding-test.json');
afterAll(() => rmSync(folder, { recursive: true }));

const write = (content: unknown): void => writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
const questions = { 7: { boxes: [[], [[0.1, 0.2, 0.3, 0.4], [0.5, 0.5, 1, 1, 1]]], needed: [0, 1] }, 9: { sounding: [true, false], moving: [1, 1] } }; // prettier-ignore
const sha256 = createHash('sha256').update(JSON.stringify(questions)).digest('hex');

it('is read next to the annotations', () => {
  expect(findTruth(join(folder, 'avqa-test.json'), 'test')).toBeUndefined();
  write({ annotations: 'abc', sha256, questions });
  expect(findTruth(join(folder, 'avqa-test.json'), 'test')).toBe(file);
  const small = { left: 0.1, top: 0.2, right: 0.3, bottom: 0.4, sounding: false };
  expect([...readTruth(file, 'abc').truths]).toEqual([
    [7, { boxes: [[], [small, { left: 0.5, top: 0.5, right: 1, bottom: 1, sounding: true }]], needed: [false, true] }],
    [9, { sounding: [true, false], moving: [true, true] }],
  ]);
  expect([readTruth(file, 'abc').isChecked, readTruth(file, undefined).isChecked]).toEqual([true, false]);
  write({ questions });
  expect(readTruth(file, 'abc').truths.size).toBe(2);
  expect(readTruth(file, 'abc').isChecked).toBe(false);
});

it.each<[string, unknown, string]>([
  ['no JSON', '{', 'cannot be read ('],
  ['no questions', { 7: {} }, 'it has no questions, expected an object by question id'],
  ['other questions than its digest', { sha256, questions: { 7: {} } }, 'its questions are not those of its sha256, the file is damaged'],
  ['other annotations', { annotations: 'def', questions }, 'it is of other annotations (sha256 def, those here abc)'],
  ['no id', { questions: { seven: {} } }, '"seven" is not a question id'],
  ['another key', { questions: { 7: { heard: [1] } } }, 'question 7: heard is not a known key, expected boxes, sounding, moving, needed'],
  ['lists of several lengths', { questions: { 7: { needed: [1, 0], moving: [1] } } }, 'question 7: needed has 2 segments, moving has 1'],
  ['no flag', { questions: { 7: { needed: [2] } } }, 'question 7: needed[0] is 2, expected 1 or 0'],
  ['a box in pixels', { questions: { 7: { boxes: [[[10, 20, 30, 40]]] } } }, 'question 7: boxes[0] holds [10,20,30,40], expected [left, top, right, bottom] from 0 to 1'],
  ['a box turned round', { questions: { 7: { boxes: [[[0.5, 0, 0.4, 1]]] } } }, 'question 7: boxes[0] holds [0.5,0,0.4,1]'],
])('refuses %s', (_, content, problem) => {
  write(content);
  expect(() => readTruth(file, 'abc')).toThrow(`${file}: ${problem}`);
  expect(() => readTruth(file, 'abc')).toThrow('Make the file again, or remove it: without it, grounding is not compared with the truth');
}); // prettier-ignore
