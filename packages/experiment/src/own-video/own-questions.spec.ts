import { Vocabulary, type Question } from '@tass/dataset-music-avqa';
import { ownQuestions } from './own-questions';

const asked = (text: string, type: number, template = text): Question => ({
  id: 7,
  videoId: 'v',
  type,
  text,
  words: text.split(' '),
  template,
  answer: 3,
});
const train = [asked('Where is the cello', 3, 'Where is the <Object>'), asked('How many visible instruments are sounding', 5)];
const data = { train, val: [], test: [asked('Where is the tuba', 3)], vocabulary: Vocabulary.fromQuestions(train), words: 6 };
const one = (text: string) => ownQuestions([text], 'mine', data)[0];

it('takes type and template of a question of the run, whatever its case and its mark', () => {
  const { question, known, unseen, nearest } = one('where is the Cello ?');
  expect(question).toEqual({ ...train[0], id: 0, videoId: 'mine', answer: 0 });
  expect([known, unseen, nearest]).toEqual([train[0], [], null]);
});

it('names words that the run never saw in training, also of a question of its test', () => {
  expect(one('Where is the tuba')).toMatchObject({ known: { type: 3 }, unseen: ['tuba'] });
  const { question, known, unseen, nearest } = one('How many zithers are sounding');
  expect([question.text, known, unseen]).toEqual(['How many zithers are sounding', null, ['zithers']]);
  expect(nearest).toBe('How many visible instruments are sounding');
});

it('has no similar question where no word is shared', () => expect(one('Quid est').nearest).toBeNull());

it('numbers several questions, also equal ones', () => {
  const both = ownQuestions(['Where is the cello', 'Where is the cello'], 'mine', data);
  expect(both.map(({ question }) => question.id)).toEqual([0, 1]);
});

it.each([
  ['?', /question "\?" has no words/],
  ['one two three four five six seven', /has 7 words, the run reads at most 6\. Shorten it/],
])('refuses %j', (text, message) => expect(() => one(text)).toThrow(message));
