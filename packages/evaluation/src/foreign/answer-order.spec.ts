import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ANSWERS } from '@tass/dataset-music-avqa';
import { readAnswerOrder } from '../index';

const order = [...ANSWERS].reverse();
const folder = mkdtempSync(join(tmpdir(), 'order-'));
const file = join(folder, 'order');
afterAll(() => rmSync(folder, { recursive: true }));
const orderFrom = (content: string | object): readonly string[] => {
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return readAnswerOrder(file).answers;
};
const indexOf = Object.fromEntries(ANSWERS.map((answer, index) => [answer, 41 - index]));

it.each<[string, string | object]>([
  ['a list', order],
  ['answer -> index', indexOf],
  ['index -> answer', Object.fromEntries(ANSWERS.map((answer, index) => [41 - index, answer.toUpperCase()]))],
  ["answer -> index below a key, as v2.0's file has it", { ans2ix: indexOf, max_que_len: 24 }],
  ['a line an answer', `${order.join('\n')}\n`],
])('an order of answers is read from %s', (_, content) => expect(orderFrom(content)).toEqual(order));

it('an order that is in use goes by its name', () => {
  expect(readAnswerOrder('official')).toEqual({ name: 'official', answers: ANSWERS });
  const { answers } = readAnswerOrder('v2.0');
  expect([answers.slice(0, 4), [...answers].sort()]).toEqual([['three', 'no', 'two', 'yes'], [...ANSWERS].sort()]);
});

it.each<[string, string | object, string]>([
  ['answers missing', order.slice(2), 'order: 2 mistakes\n  "tuba" is missing\n  "suona" is missing'],
  ['an unknown one', [...order.slice(0, -1), 'guitar'], 'order: 2 mistakes\n  "guitar" is not one of the 42 answers\n  "two" is missing'],
  ['one twice', [...order, 'two'], 'order: there are 43 answers, expected each of the 42 once'],
  ['a key twice', JSON.stringify(indexOf).replace('}', ',"two":41}'), '"two" has the index 41, expected 0 to 42, each once'],
  ['a gap', { two: 0, cello: 2 }, 'order: "cello" has the index 2, expected 0 to 1, each once'],
  ['no JSON', '[1', 'order: is not JSON'],
])('an order with %s is refused', (_, content, message) => expect(() => orderFrom(content)).toThrow(message));
