import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectSettings } from '@tass/config';
import { ANSWERS, readSplit, type Question } from '@tass/dataset-music-avqa';
import { readAnswerOrder } from '@tass/evaluation';
import { parseScore, type ScoreCommand } from './command-line';
import { scorePredictions } from './score-command';

const root = process.env.TASS_DATA ?? '';
const whenThere = existsSync(join(root, 'music-avqa', 'avqa-test.json.gz')) ? describe : describe.skip;

whenThere(`scores 9129 predictions, 76.79 % of them right, in any form (skipped unless TASS_DATA holds the questions)`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'tass-forms-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'theirs');
  let rows: readonly Row[];
  beforeAll(() => (rows = predictionsFor(readSplit(root, 'test').questions)));

  const score = (content: string | Buffer | object, ...words: string[]): string => {
    writeFileSync(file, typeof content === 'string' || content instanceof Buffer ? content : JSON.stringify(content));
    const command = parseScore([`--predictions=${file}`, `dataset.root=${root}`, ...words]) as ScoreCommand;
    const said: string[] = [];
    const { methods } = scorePredictions(command, projectSettings(folder, {}), (line) => said.push(line));
    return `${methods[0].figures.All.mean.toFixed(2)}, ${said.join('\n').replace(`${file}: `, '')}`;
  };
  const index = (answer: string): number => ANSWERS.indexOf(answer);
  const COUNTS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
  const digits = (answer: string): string => (COUNTS.includes(answer) ? String(COUNTS.indexOf(answer)) : answer);
  const version2 = readAnswerOrder('v2.0').answers;

  const csv = (header: string, line: (row: Row) => string): string => `${header}\n${rows.map((row) => `${line(row)}\n`).join('')}`;
  const list = (values: (row: Row) => object): object[] => rows.map((row) => ({ question_id: row.id, ...values(row) }));
  const map = (value: (row: Row) => unknown): object => Object.fromEntries(rows.map((row) => [row.id, value(row)]));
  const inWords = 'predictions under "prediction", matched by "question_id"; no other keys';
  const inDigits = `${inWords}; 2299 of 9129 answers are numbers, read as counts`;
  const byIndex = (how: string): string => `${inWords}; 9129 of 9129 answers are numbers, read as ${how}`;
  const mapBy = (how: string): string => byIndex(how).replace('"prediction"', '"value"').replace('"question_id"', '"key"');

  it.each<[form: string, content: () => string | object, reading: string, options?: string[]]>([
    ['CSV', () => csv('question_id,prediction', ({ id, predicted }) => `${id},${predicted}`), inWords],
    [
      'CSV with semicolons, CRLF and quotes',
      () => csv('question_id;prediction\r', ({ id, predicted }) => `"${id}";"${predicted}"\r`),
      inWords,
    ],
    ['CSV with tabs in UTF-16', () => Buffer.from(`\uFEFF${csv('question_id\tprediction', ({ id, predicted }) => `${id}\t${predicted}`)}`, 'utf16le'), inWords], // prettier-ignore
    ['CSV with ids as floats', () => csv('question_id,prediction', ({ id, predicted }) => `${id}.0,${predicted}`), inWords],
    ['a JSON list', () => list(({ predicted }) => ({ prediction: predicted })), inWords],
    ['JSON lines', () => list(({ predicted }) => ({ prediction: predicted })).map((row) => `${JSON.stringify(row)}\n`).join(''), inWords], // prettier-ignore
    ['a JSON map', () => map(({ predicted }) => predicted), 'predictions under "value", matched by "key"; no other keys'],
    ['counts as digits in texts', () => list(({ predicted }) => ({ prediction: digits(predicted) })), inDigits],
    ['counts as numbers', () => list(({ predicted }) => ({ prediction: COUNTS.includes(predicted) ? COUNTS.indexOf(predicted) : predicted })), inDigits], // prettier-ignore
    ['counts as floats in CSV', () => csv('question_id,prediction', ({ id, predicted }) => `${id},${digits(predicted).replace(/\d$/, '$&.0')}`), inDigits], // prettier-ignore
    ["a language model's texts", () => list(({ predicted }) => ({ text: predicted === 'yes' ? 'Yes.' : digits(predicted) })), `${inDigits.replace('"prediction"', '"text"')}; 2225 of 9129 answers are read without the punctuation around them, such as "Yes."`], // prettier-ignore
    ['a JSON list below a key', () => ({ model: 'theirs', results: list(({ predicted }) => ({ prediction: predicted })) }), inWords.replace('under', 'below "results" under')], // prettier-ignore
    ['indices', () => list(({ predicted }) => ({ prediction: index(predicted) })), byIndex('indices from 0 in the official order')],
    ['indices as texts in a map', () => map(({ predicted }) => String(index(predicted))), mapBy('indices from 0 in the official order')],
    [
      'indices from 1, chosen',
      () => map(({ predicted }) => index(predicted) + 1),
      mapBy('indices from 1 in the official order'),
      ['--digits=indices-from-1'],
    ],
    [
      "indices in v2.0's order, chosen",
      () => map(({ predicted }) => version2.indexOf(predicted)),
      mapBy('indices from 0 in the v2.0 order'),
      ['--answers=v2.0'],
    ],
    [
      'the truth next to `prediction`',
      () => list(({ truth, predicted }) => ({ answer: truth, prediction: predicted })),
      inWords.replace('no other keys', 'other keys: "answer" (the official answers)'),
    ],
    [
      'the truth next to `response`, chosen',
      () => list(({ truth, predicted }) => ({ answer: truth, response: predicted })),
      'predictions under "response", matched by "question_id"; other keys: "answer"',
      ['--prediction-key=response'],
    ],
    [
      "this project's own records",
      () =>
        rows.map(({ id, videoId, truth, predicted }) => ({
          questionId: id,
          videoId,
          type: 3,
          answer: index(truth),
          predicted: index(predicted),
          probabilities: [1, 0],
        })),
      'predictions under "predicted", matched by "questionId"; other keys: "videoId", "type", "answer" (the official answers), "probabilities"; 9129 of 9129 answers are numbers, read as indices from 0 in the official order',
    ],
  ])('%s', (_, content, reading, options = []) => expect(score(content(), ...options)).toBe(`76.79, ${reading}`));

  it.each<[form: string, content: () => string | object, message: RegExp]>([
    ['the truth next to `response`', () => list(({ truth, predicted }) => ({ answer: truth, response: predicted })), /2 keys hold answers\. Choose the one with the predictions\n {2}100\.00 % as "answer", which holds the official answers: --prediction-key=answer\n {2}76\.79 % as "response": --prediction-key=response$/],
    ['the truth next to `model_output` in CSV', () => csv('question_id,answer,model_output', ({ id, truth, predicted }) => `${id},${truth},${predicted}`), /100\.00 % as "answer", .*\n {2}76\.79 % as "model_output"/],
    ['the truth of another release next to `pred_ans` in JSON lines', () => list(({ truth, predicted }) => ({ pred_ans: predicted, gt: truth })).map((row, at) => JSON.stringify(at === 5 ? { ...row, gt: 'tuba' } : row)).join('\n'), /76\.79 % as "pred_ans": .*\n {2}99\.99 % as "gt"/],
    ['the truth in a map to objects', () => map(({ truth, predicted }) => ({ text: predicted, label: truth })), /76\.79 % as "text": .*\n {2}100\.00 % as "label"/],
    ['the truth alone', () => list(({ truth }) => ({ answer: truth })), /"answer" equals the official answers of all 9129 questions, so it is the truth rather than predictions/],
    ['the truth alone in a map', () => map(({ truth }) => truth), /"value" equals the official answers of all 9129 questions.* --prediction-key=value scores it all the same/],
    ['nearly the truth alone', () => csv('id,answer', ({ id, truth }) => `${id},${id === 12 ? 'no' : truth}`), /"answer" equals the official answers of 9128 of 9129 questions/],
    ['indices from 1', () => map(({ predicted }) => index(predicted) + 1), /its numbers go from 1 to 42; .*\n {2}\d\.\d\d % as indices from 0 in the official order: .*\n {2}76\.79 % as indices from 1 in the official order: --digits=indices-from-1 --answers=official\n/],
    ["indices in v2.0's order", () => map(({ predicted }) => version2.indexOf(predicted)), /its numbers fit another reading better; .*"yes" for all questions would be in 26\.15 %.*\n[^]* 76\.79 % as indices from 0 in the v2\.0 order: --digits=indices --answers=v2\.0\n/],
    ['indices in an alphabetical order', () => map(({ predicted }) => [...ANSWERS].sort().indexOf(predicted)), /its numbers are right in \d\.\d\d %, "yes" for all questions would be in 26\.15 %\. Choose how they are read; another order is named by --answers=FILE\n/],
    ['rows of the next question', () => rows.map(({ predicted }, at) => ({ question_id: rows[at].id, video_id: rows[(at + 1) % rows.length].videoId, prediction: predicted })), /mistakes\n {2}row 1: "video_id" is "00000153", its question is on "00000093"\n/],
    ['indices among words', () => map(({ predicted }) => (predicted === 'yes' ? predicted : index(predicted))), /it has answers in words and numbers up to 41; its numbers fit another reading better\. Choose how they are read\n.*as counts: --digits=counts\n {2}76\.79 % as indices from 0 in the official order/],
  ])('refuses %s', (_, content, message) => expect(() => score(content())).toThrow(message)); // prettier-ignore
});

interface Row {
  readonly id: number;
  readonly videoId: string;
  readonly truth: string;
  readonly predicted: string;
}

/** Right for 7010 of 9129 questions; else the answer of the next question of the type that has another one. */
function predictionsFor(questions: readonly Question[]): Row[] {
  return questions.map(({ id, videoId, type, answer }, at) => {
    const isRight = (at * 7919) % 9129 < 7010; // 7919 has no divisor in common with 9129
    let other = at;
    while (!isRight && (questions[other].type !== type || questions[other].answer === answer)) other = (other + 1) % questions.length;
    return { id, videoId, truth: ANSWERS[answer], predicted: ANSWERS[questions[other].answer] };
  });
}
