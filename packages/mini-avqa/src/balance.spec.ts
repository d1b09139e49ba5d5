import { defaultBalance, drawSplit } from './balance';
import { kindName } from './kinds';
import { cellOf, questionText } from './questions';
import { heardKinds, soundingSources } from './scene';
import { templateNames, templates } from './templates';

const split = (stream: 'train' | 'test', videos: number) =>
  [...drawSplit({ stream, seed: 11, videos, ...defaultBalance })].flatMap(({ scene, questions }, video) =>
    questions.map((question) => ({
      ...{
        video,
        scene,
        question,
        type: templates[question.template].type.join(' '),
        template: question.template,
        answer: question.answer,
      },
      ...{ text: questionText(question), cell: cellOf(question) },
    })),
  );
type Row = ReturnType<typeof split>[number];

const train = split('train', 500);
const test = split('test', 300);

/** The most frequent answer of each group of training questions. */
function majority(groupOf: (row: Row) => string): Map<string, string> {
  const counts = new Map<string, Map<string, number>>();
  for (const row of train) {
    const group = counts.get(groupOf(row)) ?? new Map<string, number>();
    counts.set(groupOf(row), group.set(row.answer, (group.get(row.answer) ?? 0) + 1));
  }
  return new Map([...counts].map(([group, answers]) => [group, [...answers].sort((one, other) => other[1] - one[1])[0][0]]));
}

const percent = (rows: readonly Row[], isRight: (row: Row) => boolean) => (100 * rows.filter(isRight).length) / rows.length;
const ofType = (type: string) => test.filter((row) => row.type === type);
const byTemplate = majority(({ template }) => template);
const byText = majority(({ text }) => text);
const guessTemplate = (row: Row) => byTemplate.get(row.template) === row.answer;
const guessText = (row: Row) => (byText.get(row.text) ?? byTemplate.get(row.template)) === row.answer;

describe('drawSplit', () => {
  it('asks questions of all nine types and all templates, at most as many as allowed', () => {
    expect(new Set(train.map(({ template }) => template))).toEqual(new Set(templateNames));
    expect(new Set(test.map(({ template }) => template))).toEqual(new Set(templateNames));
    expect(new Set(test.map(({ type }) => type)).size).toBe(9);
    const perVideo = new Map<string, number>();
    for (const { video, type } of train) perVideo.set(`${video} ${type}`, (perVideo.get(`${video} ${type}`) ?? 0) + 1);
    const most = (modality: string) =>
      Math.max(...[...perVideo].filter(([key]) => key.split(' ')[1] === modality).map(([, count]) => count));
    expect([most('Audio'), most('Visual'), most('Audio-Visual')]).toEqual([2, 2, 3]);
    expect(new Set(train.map(({ video, text }) => `${video} ${text}`)).size).toBe(train.length);
  });

  it('finds enough questions of the scarce types', () => {
    expect(ofType('Audio-Visual Location').length).toBeGreaterThan(0.8 * 300);
    expect(ofType('Audio-Visual Comparative').length).toBeGreaterThan(1.3 * 300);
    expect(ofType('Audio-Visual Temporal').length).toBeGreaterThan(1.2 * 300);
  });

  it.each([
    // the majority answer of the template, fitted on other scenes, in percent; chance of a sample takes up to 4
    ['Audio Counting', 48],
    ['Audio Comparative', 56],
    ['Visual Counting', 42],
    ['Visual Location', 36],
    ['Audio-Visual Existential', 57],
    ['Audio-Visual Counting', 37],
    ['Audio-Visual Location', 30],
    ['Audio-Visual Comparative', 56],
    ['Audio-Visual Temporal', 24],
  ])('keeps the prior of %s below %d %%', (type, limit) => {
    expect(percent(ofType(type), guessTemplate)).toBeLessThan(limit);
  });

  it('keeps the prior over all questions below 42 %, and the filled text adds less than 3 points', () => {
    expect(percent(test, guessTemplate)).toBeLessThan(42);
    expect(percent(test, guessText) - percent(test, guessTemplate)).toBeLessThan(3);
  });

  it('keeps cells near their shares', () => {
    for (const name of templateNames) {
      const rows = train.filter(({ template }) => template === name);
      const shares: Readonly<Record<string, number>> = templates[name].shares;
      for (const [cell, share] of Object.entries(shares)) {
        expect(rows.filter((row) => row.cell === cell).length).toBeLessThan(1.05 * share * rows.length + 4);
      }
    }
  });

  it('does not let hearing alone tell whether a moving instrument sounds', () => {
    const riddles = test.filter(({ template }) => template === 'reallySounds');
    const refused = riddles.filter(({ answer }) => answer === 'no');
    expect(refused.filter(({ cell }) => cell === 'no, heard').length / refused.length).toBeGreaterThan(0.4);
    const isHeard = ({ scene, text }: Row) =>
      heardKinds(soundingSources(scene)).some((active, kind) => active.includes(true) && text.includes(` ${kindName(kind)} `));
    expect(percent(riddles, (row) => (isHeard(row) ? 'yes' : 'no') === row.answer)).toBeLessThan(82); // a leaking world: 100
  });

  it('does not let seeing alone tell whether a kind is heard, nor hearing whether it is visible', () => {
    const isVisible = test.filter(({ template }) => template === 'isVisible');
    expect(percent(isVisible, ({ cell, answer }) => (cell.endsWith(', heard') ? 'yes' : 'no') === answer)).toBeLessThan(58);
    const isHeard = test.filter(({ template }) => template === 'isHeard');
    const moves = ({ question }: Row) => question.clues![0].clue === 'it moves';
    expect(percent(isHeard, (row) => (moves(row) ? 'yes' : 'no') === row.answer)).toBeLessThan(58);
  });

  it('draws the same questions for the same seed, and others for another', () => {
    const texts = (seed: number) =>
      [...drawSplit({ stream: 'val', seed, videos: 10, ...defaultBalance })].flatMap(({ questions }) => questions.map(questionText));
    expect(texts(4)).toEqual(texts(4));
    expect(texts(4)).not.toEqual(texts(5));
  });
});
