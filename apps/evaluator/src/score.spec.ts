import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectSettings } from '@tass/config';
import { ANSWERS, readSplit } from '@tass/dataset-music-avqa';
import { fitPrior } from '@tass/evaluation';
import { parseScore, type ScoreCommand } from './command-line';
import { BoardProject } from './fixtures/board-project';
import { scorePredictions } from './score-command';

const command = (...words: string[]): ScoreCommand => parseScore(words);

describe('scores predictions of any program', () => {
  const project = new BoardProject();
  afterAll(() => project.remove());
  const file = join(project.folder, 'theirs.csv');
  const write = (predict: (index: number, answer: number) => number | string): void =>
    writeFileSync(file, `id,pred\n${project.questions.map(({ id, answer }, index) => `${id},${predict(index, answer)}\n`).join('')}`);
  const score = (...words: string[]) => scorePredictions(command(`--predictions=${file}`, ...words), project.settings, () => undefined);

  it('with the priors beside them, and the questions on unseen videos', () => {
    write((index, answer) => (index % 2 === 0 ? ANSWERS[answer] : 'tuba'));
    const { methods, priors, title, reference, columns } = score();
    const [{ name, figures, against, runs }] = methods;
    expect([title, name, against, reference]).toEqual(['theirs.csv', 'theirs.csv', null, null]);
    expect(figures.All).toMatchObject({ mean: 50, deviation: null });
    expect(figures.disjoint.mean).toBe(100); // every other question is on a video of train
    expect(runs[0].figures['A-Count']).toBe(figures['A-Count'].mean);
    expect(priors).toHaveLength(3);
    expect(columns.find(({ id }) => id === 'All')?.total).toBe(36);
    expect(score('--name=Theirs').methods[0].name).toBe('Theirs');
  });

  it('by indices in an order of their own', () => {
    write((_, answer) => 41 - answer);
    const order = join(project.folder, 'order.txt');
    writeFileSync(order, [...ANSWERS].reverse().join('\n'));
    expect(score(`--answers=${order}`, '--prediction-key=pred').methods[0].figures.All.mean).toBe(100);
    expect(() => score()).toThrow(
      /as indices from 0 in the official order its numbers are right in 0\.00 %, "cello" for all questions would be in \d/,
    );
    expect(score('--digits=indices', '--answers=official').methods[0].figures.All.mean).toBe(0);
  });

  it('on the questions that are asked for, and refuses those of another split', () => {
    const val = readSplit(project.settings.data, 'val').questions;
    write(() => 'two');
    expect(() => score('--split=val')).toThrow(
      new RegExp(`theirs\\.csv: 37 mistakes\n.*line 2: question 4000 is not among the ${val.length} questions`),
    );
    writeFileSync(file, JSON.stringify(val.map(({ id, answer }) => ({ id, answer }))));
    const { methods, dataset } = score('--split=val', '--prediction-key=answer');
    expect([methods[0].figures.All.mean, dataset.split, dataset.questions]).toEqual([100, 'val', 18]);
    rmSync(join(project.settings.data, 'avqa-train.json'));
    const without = score('--split=val', '--prediction-key=answer'); // nothing that anything was learnt from
    expect([without.priors, without.columns.map(({ id }) => id).slice(-1)]).toEqual([[], ['All']]);
  });

  it('says where the questions are looked for', () => {
    expect(() => score(`dataset.root=${project.folder}/none`)).toThrow(/avqa-test\.json.* is in none of .*none, .*dataset\.root=<folder>/);
  });
});

it.each<[string[], string]>([
  [[], 'no predictions are named. Write --predictions=FILE (JSON, JSON lines or CSV)'],
  [['--prediction=x'], '--prediction is not an option, expected --predictions=VALUE'],
  [['--predictions=x', '--split=all'], '--split is all, expected val or test'],
  [['--predictions=x', 'dataset.kind=y'], 'dataset.kind=y is not a setting here, only dataset, dataset.version, dataset.root can be given'],
])('refuses %j', (words, message) => expect(() => parseScore(words)).toThrow(message));

const root = process.env.TASS_DATA ?? '';
const whenThere = existsSync(join(root, 'music-avqa', 'avqa-test.json.gz')) ? it : it.skip;
whenThere(`scores all real questions of MUSIC-AVQA (skipped unless TASS_DATA holds them)`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'tass-score-'));
  try {
    const [val, test] = (['val', 'test'] as const).map((split) => readSplit(root, split).questions);
    const prior = fitPrior(val, 'template').predictAll(test);
    const file = join(folder, 'prior.json');
    writeFileSync(file, JSON.stringify(Object.fromEntries(prior.map(({ questionId, predicted }) => [questionId, ANSWERS[predicted]]))));
    const { methods, priors, dataset, columns } = scorePredictions(
      command(`--predictions=${file}`, `dataset.root=${root}`),
      projectSettings(folder, {}),
      () => undefined,
    );
    expect(dataset).toMatchObject({ name: 'MUSIC-AVQA, json_update/avqa-test.json', questions: 9129, videos: 6399 });
    expect(methods[0].runs[0].figures).toEqual(priors[1].figures);
    expect(methods[0].figures.All.mean.toFixed(2)).toBe('51.05');
    expect(columns.slice(-3).map(({ id, total }) => [id, total])).toEqual([['disjoint', 6160], ['head', 4568], ['tail', 4561]]); // prettier-ignore
  } finally {
    rmSync(folder, { recursive: true });
  }
});
