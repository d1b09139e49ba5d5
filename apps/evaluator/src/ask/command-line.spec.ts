import { parseAsk } from './command-line';

const words = ['--run=r', '--video=v.mp4'];

it('takes each word with blanks as a question, and settings of the engine apart', () => {
  const { questions, overrides, json } = parseAsk([...words, 'How many are there?', 'engine.backend=cpu', 'Why?', '--json']);
  expect([questions, overrides, json]).toEqual([['How many are there?', 'Why?'], ['engine.backend=cpu'], true]);
});

it('joins words without blanks to one question', () =>
  expect(parseAsk([...words, 'Is', 'it', 'loud?']).questions).toEqual(['Is it loud?']));

it.each([
  [['--video=v', 'a b'], /no run is named/],
  [['--run=r', 'a b'], /no video is named/],
  [words, /no question is asked/],
  [[...words, ' '], /no question is asked/],
  [[...words, 'a b', 'model.dim=3'], /model\.dim=3 cannot be changed/],
  [[...words, '--jsn', 'a b'], /Did you mean --json\?/],
])('refuses %j', (given, message) => expect(() => parseAsk(given)).toThrow(message));
