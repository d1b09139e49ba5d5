import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ANSWERS } from '@tass/dataset-music-avqa';
import { runFiles } from '@tass/experiment';
import { renderText, type Leaderboard } from '@tass/leaderboard';
import { parseLeaderboard, parseScore } from './command-line';
import { BoardProject } from './fixtures/board-project';
import { leaderboardOf } from './leaderboard-command';
import { scorePredictions } from './score-command';

let project: BoardProject;
let said: string[];
beforeEach(() => {
  [project, said] = [new BoardProject(), []];
  put('balance_valid.json', rows(0, 10));
  put('test_balance.json', [...rows(8, 12), ...rows(20, 26)]); // two are rows of the valid file
  put('bias_valid.json', rows(0, 10));
  put('test_bias.json', rows(30, 34));
});
afterEach(() => project.remove());

const put = (name: string, content: unknown): string => {
  const file = join(project.settings.data, name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};
const answerOf = (video: number): string => ANSWERS[video % 2]; // two, cello
/** One question on each of these videos, some without an id. */
const rows = (from: number, to: number): Record<string, unknown>[] =>
  Array.from({ length: to - from }, (_, at) => ({
    video_id: `v${from + at}_#0`,
    ...(at % 2 === 0 ? { question_id: 7 + at } : {}),
    type: '["Visual", "Location"]',
    question_content: 'What is the <Object>?',
    templ_values: ['thing'],
    anser: answerOf(from + at),
  }));
const score = (file: string, ...words: string[]): Leaderboard => {
  const command = parseScore([`--predictions=${file}`, 'dataset=music-avqa-v2', ...words]);
  return scorePredictions(command, project.settings, (line) => said.push(line));
};
const board = (...words: string[]): Leaderboard => {
  const command = parseLeaderboard(words);
  return leaderboardOf(project.settings.runs, command, project.settings, () => undefined).leaderboard;
};
const v2 = (version: string): string[] => ['dataset=music-avqa-v2', `dataset.version=${version}`];
const [twos, cellos] = ['two', 'cello'].map((answer) => Array<string>(10).fill(answer));

describe('a file of another program for v2.0', () => {
  it('is matched by position, without the questions of the train and val files below the root', () => {
    const { methods, dataset, priors, published } = score(put('theirs.json', twos));
    expect(dataset).toMatchObject({
      name: 'MUSIC-AVQA v2.0, balance (without 2 questions that the methods were trained or chosen on)',
      questions: 8,
    });
    expect(methods[0].figures.All.mean).toBe(50);
    expect([priors.map(({ figures }) => figures.All), published]).toEqual([[50, 50, 50], []]);
    expect(said).toEqual([
      `trained or chosen on: assumed to be ${project.settings.data}/balance_valid.json; --trained-on=FILE,FILE names other annotation files`,
      'test: 2 of 10 questions are left out, as the model was trained or chosen on them',
      expect.stringContaining('matched by position'),
    ]);
  });

  it('is scored without what it says it was trained on', () => {
    const theirs = put('theirs.csv', `prediction\n${cellos.join('\n')}\n`);
    const trained = put('elsewhere/any-name.json', [...rows(20, 23), ...rows(8, 10)]);
    const { dataset, methods } = score(theirs, `--trained-on=${trained},${project.settings.data}/balance_valid.json`);
    expect([dataset.questions, methods[0].figures.All.mean]).toEqual([5, 60]);
    expect(said.slice(0, 2)).toEqual([
      `trained or chosen on: ${trained}, ${project.settings.data}/balance_valid.json`,
      'test: 5 of 10 questions are left out, as the model was trained or chosen on them',
    ]);
    const all = put('all.json', rows(0, 30));
    expect(() => score(theirs, `--trained-on=${all}`)).toThrow('trained or chosen on all of its questions, none is left to score');
  });

  it('says so where nothing is known of its training', () => {
    const elsewhere = join(project.folder, 'only-test');
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, 'test_balance.json'), JSON.stringify(rows(20, 26)));
    expect(score(put('six.json', twos.slice(4)), `dataset.root=${elsewhere}`).dataset.questions).toBe(6);
    expect(said[0]).toBe(
      `trained or chosen on: assumed to be nothing, as no train or val file of the benchmark is below ${elsewhere}; --trained-on=FILE,FILE names other annotation files`,
    );
  });

  it('is refused where it is keyed by ids, or has fewer rows', () => {
    const keyed = put('keyed.json', twos.map((prediction, at) => ({ question_id: 7 + at, prediction }))); // prettier-ignore
    expect(() => score(keyed)).toThrow(
      'is keyed by question ids ("question_id"), but 5 of the 10 rows of this dataset have none and 2 ids have several rows',
    );
    expect(() => score(put('few.json', twos.slice(1)))).toThrow('has 9 rows, the dataset has 10');
  });

  it('of this project is matched by the rows that its lines name', () => {
    const run = project.run({ dataset: v2('balance'), right: (_, index) => index < 6 });
    const predictions = runFiles.predictions(run, 'test');
    expect(score(predictions).methods[0].figures.All.mean).toBe(75);
    expect(said.at(-1)).toBe(`${predictions}: predictions of this project, matched by "questionId", the position of the row`);
    const trained = put('trained.json', rows(20, 22));
    expect(() => score(predictions, `--trained-on=${trained}`)).toThrow('2 of 8 rows have no prediction, such as row 0.');
    expect(score(predictions, `--trained-on=${trained},${project.settings.data}/balance_valid.json`).dataset.questions).toBe(6);
  });
});

it.each([
  [
    'dataset=music-avqa-v3',
    'dataset is music-avqa-v3, expected music-avqa, music-avqa-v2, music-avqa-r, fortis-avqa. Did you mean music-avqa',
  ],
  ['dataset.version=both', 'dataset.version is both, expected balance or bias'],
  ['seed=1', 'seed=1 is not a setting here, only dataset, dataset.version, dataset.root can be given'],
  ['--split=val', '--split=val is for dataset=music-avqa without --trained-on'],
])('refuses %s', (word, message) => {
  expect(() => score('x.json', word)).toThrow(message);
});

describe('a leaderboard of runs on v2.0', () => {
  it('is one for each version, never next to published figures or another test', () => {
    const [plain, balance, bias] = [[], v2('balance'), v2('bias')].map((dataset) =>
      project.run({ ...(dataset.length > 0 ? { dataset } : {}), right: (_, index) => index % 2 === 0 }),
    );
    const shown = board();
    expect(shown.dataset).toMatchObject({ name: 'MUSIC-AVQA v2.0, bias', questions: 4 });
    expect(shown.methods.flatMap(({ runs }) => runs.map(({ id }) => id))).toEqual([basename(bias)]);
    expect(shown.leftOut.map(({ run }) => run)).toEqual([basename(balance), basename(plain)]);
    expect(shown.published).toEqual([]);
    expect(renderText(board('--published'))).not.toContain('Published on these questions');
    const other = board(`--runs=${balance}`, `--predictions=Theirs=${put('theirs.json', twos)}`);
    expect(other.dataset).toMatchObject({ questions: 8 });
    expect(other.methods.map(({ name }) => name).sort()).toEqual(['TASS', 'Theirs']);
    expect(renderText(other)).toContain('without 2 questions that the methods were trained or chosen on');
  });

  it('takes a file of another program for all rows, also where only some videos are here', () => {
    for (const at of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 20, 21, 22]) put(`videos/v${at}_#0.mp4`, '');
    const run = project.run({ dataset: [...v2('balance'), 'dataset.questions=present'], right: () => true });
    const { dataset, methods } = board(`--runs=${run}`, `--predictions=Theirs=${put('theirs.json', twos)}`);
    expect([dataset.questions, methods.map(({ name, figures }) => [name, figures.All.mean.toFixed(1)])]).toEqual([
      3,
      [
        ['TASS', '100.0'],
        ['Theirs', '66.7'], // of the videos 20, 21 and 22
      ],
    ]);
    expect(dataset.name).toContain('only those whose videos are here: 5 of 10 videos');
  });

  it('of MUSIC-AVQA-R has head and tail as its files have them', () => {
    const rephrased = (from: number, to: number) => rows(from, to).map((row) => ({ ...row, question_id: 3, question_content: 'So, what is it' })); // prettier-ignore
    put('music-avqa-r/avqa-test-head.json', rephrased(40, 46));
    put('music-avqa-r/avqa-test-tail.json', rephrased(46, 50));
    project.run({ dataset: ['dataset=music-avqa-r'], right: (_, index) => index > 2 });
    const { columns, methods, dataset } = board();
    expect([dataset.name, dataset.questions]).toEqual(['MUSIC-AVQA-R', 10]);
    expect(columns.filter(({ id }) => ['head', 'tail'].includes(id)).map(({ total }) => total)).toEqual([6, 4]);
    expect([methods[0].figures.head.mean, methods[0].figures.tail.mean, methods[0].figures.All.mean]).toEqual([50, 100, 70]);
    const keyed = put('keyed.json', twos.map((prediction) => ({ question_id: 3, prediction }))); // prettier-ignore
    expect(() => score(keyed, 'dataset=music-avqa-r')).toThrow(
      'but 0 of the 10 rows of this dataset have none and 1 ids have several',
    );
    expect(score(put('theirs.json', twos), 'dataset=music-avqa-r').methods[0].figures.All.mean).toBe(50);
  });
});
