import { ANSWERS } from '@tass/dataset-music-avqa';
import { ForeignFile } from '../fixtures/foreign-file';
import { question } from '../fixtures/questions';

const index = (answer: string): number => ANSWERS.indexOf(answer);
const truth = ['one', 'yes', 'two', 'cello'];
const predicted = ['two', 'yes', 'two', 'tuba'];
const ids = [12, 13, 14, 15];
const file = new ForeignFile(ids.map((id, at) => question(id, 'v', 0, index(truth[at]))));
afterAll(() => file.remove());
const rows = (values: (at: number) => object): object[] => ids.map((id, at) => ({ question_id: id, ...values(at) }));

describe('reads, and says what it has read', () => {
  it.each<[string, object, string]>([
    ['any key that alone holds answers', rows((at) => ({ hypothesis: predicted[at] })), 'predictions under "hypothesis", matched by "question_id"; no other keys'],
    [
      'next to what a dataset has of a question',
      rows((at) => ({ type: 3, video_id: '00000093', question: 'Is there a cello?', answer: predicted[at], confidence: 0.5, correct: at % 2, frames: 10, row: at })),
      'predictions under "answer", matched by "question_id"; other keys: "type", "video_id", "question", "confidence", "correct", "frames", "row"',
    ],
    [
      'a key named as a prediction, where another is the truth throughout',
      rows((at) => ({ gt: truth[at], pred_answer: predicted[at] })),
      'predictions under "pred_answer", matched by "question_id"; other keys: "gt" (the official answers)',
    ],
    [
      'two keys with the same predictions',
      rows((at) => ({ pred_label: predicted[at], label: predicted[at].toUpperCase() })),
      'predictions under "pred_label", matched by "question_id"; other keys: "label" (the same)',
    ],
    [
      "this project's own records",
      ids.map((id, at) => ({ questionId: id, videoId: 'v', type: 0, answer: index(truth[at]), predicted: index(predicted[at]) })),
      'predictions under "predicted", matched by "questionId"; other keys: "videoId", "type", "answer" (the official answers); 4 of 4 answers are numbers, read as indices from 0 in the official order',
    ],
  ])('%s', (_, content, reading) => {
    expect(file.reading(content)).toBe(reading);
    expect(file.answers(content)).toEqual(predicted.map(index));
  }); // prettier-ignore

  it('the key that is asked for', () => {
    const two = rows((at) => ({ answer: truth[at], response: predicted[at] }));
    expect(file.answers(two, { predictionKey: 'response' })).toEqual(predicted.map(index));
    expect(file.answers(two, { predictionKey: 'answer' })).toEqual(truth.map(index));
    expect(file.reading(two, { predictionKey: 'answer' })).toBe(
      'predictions under "answer", matched by "question_id"; other keys: "response"',
    );
  });
});

describe('refuses', () => {
  const other = ['response', 'output', 'pred_ans_2', 'model_answer', 'predict', 'hypothesis', 'text', 'anything at all'];
  it.each(other)('two keys with answers, the second `%s`', (key) => {
    const almost = truth.with(3, 'tuba');
    const message = file.refusal(rows((at) => ({ answer: almost[at], [key]: predicted[at], note: 'x' })));
    const option = key.includes(' ') ? "'anything at all'" : key;
    expect(message).toBe(
      `2 keys hold answers. Choose the one with the predictions. Other keys: "note"\n  75.00 % as "answer": --prediction-key=answer\n  50.00 % as "${key}": --prediction-key=${option}`,
    );
  });

  it.each<[string, string | object, string]>([
    ['the truth next to a key that is not named as a prediction', rows((at) => ({ answer: truth[at], response: predicted[at] })), '100.00 % as "answer", which holds the official answers: --prediction-key=answer\n  50.00 % as "response": --prediction-key=response'],
    ['two keys named as predictions', rows((at) => ({ pred: truth[at], pred_final: predicted[at] })), '2 keys hold answers'],
    ['the truth as a map', Object.fromEntries(ids.map((id, at) => [id, truth[at]])), '"value" equals the official answers of all 4 questions, so it is the truth rather than predictions. The keys are "key", "value". Choose with --prediction-key=NAME; --prediction-key=value scores it all the same'],
    ['the truth in digits', rows((at) => ({ answer: ['1', 'yes', '2', 'cello'][at] })), '"answer" equals the official answers of all 4 questions'],
    ['the truth next to free texts', rows((at) => ({ answer: truth[at], response: `It is ${predicted[at]}.` })), '"answer" equals the official answers of all 4 questions, so it is the truth rather than predictions. The keys are "question_id", "answer", "response"'],
    ['free texts', rows((at) => ({ response: `It is ${predicted[at]}.` })), '4 mistakes\n  row 1: question 12: the answer "It is two." is not one of the 42'],
    ['keys that hold no answers', rows(() => ({ a: 'x', b: 'y' })), 'no key holds answers, each one of the 42 or a number without other words. The keys are "question_id", "a", "b". Name it with --prediction-key=NAME, if it is there'],
  ])('%s', (_, content, message) => expect(file.refusal(content)).toContain(message)); // prettier-ignore

  it('a key that is not there', () => {
    expect(file.refusal(rows(() => ({ pred: 'no' })), { predictionKey: 'prd' })).toBe(
      'no row has the key "prd" that --prediction-key names. The keys are "question_id", "pred"',
    ); // prettier-ignore
  });
});
