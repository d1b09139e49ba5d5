import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readPredictions, writePredictions } from '@tass/evaluation';
import type { Leaderboard } from '@tass/leaderboard';
import { runFiles } from '@tass/experiment';
import { readSealed, sealedJson } from '@tass/files';
import { createSweep } from '@tass/sweep';
import { asBeforeDigests } from '@tass/testing';
import { parseLeaderboard, type LeaderboardCommand } from './command-line';
import { BoardProject } from './fixtures/board-project';
import { leaderboardOf } from './leaderboard-command';

let project: BoardProject;
beforeEach(() => ([project, said] = [new BoardProject(), []]));
afterEach(() => project.remove());

const command = (...words: string[]): LeaderboardCommand =>
  parseLeaderboard(words.some((word) => word.startsWith('--resamples')) ? words : ['--resamples=200', ...words]);
let said: string[] = [];
const board = (...words: string[]): Leaderboard =>
  leaderboardOf(project.settings.runs, command(...words), project.settings, (line) => said.push(line)).leaderboard;
/** Right on the first `count` of 36 test questions. */
const first = (count: number) => (_: unknown, index: number): boolean => index < count; // prettier-ignore
const idOf = (run: string): string => basename(run);

it('takes runs that differ in their seed for one method, the best first', () => {
  const runs = [1, 2, 3].map((seed) => project.run({ seed, right: first(18 + 2 * seed) }));
  const other = project.run({ title: 'w/o CMS', overrides: ['model.dim=8'], right: first(18) });
  const { methods, reference, priors, columns, dataset, bootstrap, published, leftOut, title } = board();
  expect({ title, bootstrap, published, leftOut }).toEqual({
    title: 'All runs',
    bootstrap: { resamples: 200, seed: 1 },
    published: [],
    leftOut: [],
  });
  expect(dataset).toMatchObject({ name: 'unknown questions, avqa-test.json', split: 'test', questions: 36, videos: 18 + 4 });
  expect(columns.map(({ id, total }) => `${id} ${total}`)).toEqual(
    expect.arrayContaining(['A-Count 4', 'A-Avg 8', 'All 36', 'disjoint 18']),
  );
  expect(methods.map(({ name, runs: ofMethod }) => [name, ofMethod.map(({ id }) => id)])).toEqual([
    ['TASS', runs.map(idOf)],
    ['w/o CMS', [idOf(other)]],
  ]);
  const [tass, without] = methods;
  expect(tass.figures.All.mean).toBeCloseTo((100 * 22) / 36, 10);
  expect(tass.figures.All.deviation).toBeCloseTo((100 * 2) / 36, 10);
  expect(tass.runs[1]).toMatchObject({ seed: 2, code: null, engine: 'JavaScript', epoch: 2, curve: [{ epoch: 1, accuracy: 10 }, { epoch: 2, accuracy: 22 }] }); // prettier-ignore
  expect(tass.runs.map(({ attention }) => attention)).toEqual([null, { visual: 1, audio: 2 }, { visual: 2, audio: 2 }]);
  expect(tass.runs.map(({ figures }) => Math.round((figures.All * 36) / 100))).toEqual([20, 22, 24]);
  expect([reference, tass.against, tass.changes]).toEqual([tass.id, null, []]);
  expect(without.changes).toEqual([{ key: 'model.dim', reference: expect.any(String), here: '8' }]);
  expect(without.against?.All.difference).toBeCloseTo((-100 * 2) / 36, 10); // seed 1 against seed 1
  expect(priors.map(({ name }) => name)).toEqual(['majority per type', 'majority per template', 'majority per filled question']);
});

it('reads a run whose way of compiling is no longer offered', () => {
  const run = project.run({ right: first(3) });
  asBeforeDigests(run);
  const config = readFileSync(runFiles.config(run), 'utf8');
  expect(config).toContain('compile: graph');
  writeFileSync(runFiles.config(run), config.replace('compile: graph', 'compile: xla'));
  project.run({ seed: 2, right: first(4) });
  expect(board().methods.map(({ runs }) => runs.length)).toEqual([2]);
});

it('tells methods of one title apart by the keys in which they differ', () => {
  project.run({ right: first(3) });
  project.run({ overrides: ['model.dim=8', 'epochs=9'], right: first(2) });
  project.run({ overrides: ['epochs=9'], right: first(1) });
  const names = board().methods.map(({ name }) => name);
  expect(names[1]).toBe('TASS (epochs=9, model.dim=8)');
  expect(names[2]).toMatch(/^TASS \(epochs=9, model\.dim=\d+\)$/);
  expect(new Set(names).size).toBe(3);
});

describe('the reference', () => {
  beforeEach(() => {
    project.run({ title: 'one', experiment: 'a', right: first(30), overrides: ['model.dim=8'] });
    project.run({ title: 'two', experiment: 'b', right: first(20), cell: 'b'.repeat(32) });
  });
  const nameOfReference = (...words: string[]): string | undefined => {
    const { methods, reference } = board(...words);
    return methods.find(({ id }) => id === reference)?.name;
  };

  it('is the best, or what is asked for by name, experiment, run or id', () => {
    expect(nameOfReference()).toBe('one');
    expect([board().referenceBy, board('--reference=two').referenceBy]).toEqual(['best', 'name']);
    const { id, runs } = board().methods[1];
    for (const wanted of ['two', 'b', id, runs[0].id, runs[0].id.slice(0, 15)])
      expect(nameOfReference(`--reference=${wanted}`)).toBe('two');
  });

  it('is the first cell of a sweep', () => {
    const cell = (letter: string) => ({ address: letter.repeat(32), name: `cell ${letter}`, overrides: [], seed: 1 });
    const grid = { experiment: 'ablations', grid: {}, cells: ['b', 'c', 'd'].map(cell), launcher: 'local' };
    const { id } = createSweep(project.settings.runs, grid);
    project.run({ title: 'one', experiment: 'a', right: first(30), overrides: ['model.dim=8'], seed: 2, cell: 'd'.repeat(32) });
    expect(nameOfReference(`--sweep=${id}`)).toBe('two');
    expect(board(`--sweep=${id}`)).toMatchObject({ referenceBy: 'sweep', title: 'Ablations of TASS' });
    const { methods, leftOut } = board(`--sweep=${id}`);
    expect(methods.map(({ name, runs }) => [name, runs.length])).toEqual([['one', 1], ['two', 1]]); // prettier-ignore
    expect(leftOut).toEqual([{ run: 'cell c', reason: 'this cell of the sweep has no finished run' }]);
  });

  it('has to be there', () => {
    expect(() => board('--reference=tow')).toThrow('no method here is the reference tow. There are two; one. Did you mean two?');
    expect(() => board('--reference=2026')).toThrow('2 methods fit the reference 2026: two; one. Give a name');
  });
});

describe('leaves out, with the reason', () => {
  let good: string;
  beforeEach(() => (good = project.run({ right: first(10) })));
  const reasonFor = (run: string): string => {
    const { leftOut, methods } = board();
    expect(methods.flatMap(({ runs }) => runs.map(({ id }) => id))).not.toContain(idOf(run));
    expect(leftOut.map((one) => one.run)).toEqual([idOf(run)]);
    expect(JSON.stringify(leftOut)).not.toContain(project.folder); // pages are passed on
    return leftOut[0].reason;
  };

  it('a run that is not finished, one without predictions, one with damaged ones', () => {
    const open = project.run({ seed: 2, right: first(1), finished: false });
    expect(reasonFor(open)).toBe(`${idOf(open)} is not finished. Resume it: npx nx run trainer:train --resume=${idOf(open)}`);
    rmSync(open, { recursive: true });
    const silent = project.run({ seed: 2, right: first(1), predicts: false });
    expect(reasonFor(silent)).toBe(
      `${idOf(silent)} has no test predictions. Make them: npx nx run evaluator:evaluate --run=${idOf(silent)}`,
    );
    rmSync(silent, { recursive: true });
    const damaged = project.run({ seed: 2, right: first(1) });
    writeFileSync(runFiles.predictions(damaged, 'test'), '{"questionId": 4000}\n');
    expect(reasonFor(damaged)).toMatch(
      /predictions-test\.jsonl: has changed since the run's report was written \(sha256\)\./,
    );
    asBeforeDigests(damaged);
    expect(reasonFor(damaged)).toBe(`${idOf(damaged)}/predictions-test.jsonl: line 1: predicted is undefined, expected a whole number`);
  });

  it('one whose report or configuration cannot be read', () => {
    const run = project.run({ seed: 2, right: first(1) });
    writeFileSync(join(run, 'report.json'), '{');
    expect(reasonFor(run)).toContain('report.json: is not JSON. The file was damaged');
    for (const text of ['null', '[]', '3']) {
      writeFileSync(join(run, 'report.json'), text);
      expect(reasonFor(run)).toContain('report.json has no epoch. The file was damaged');
    }
    writeFileSync(join(run, 'report.json'), '{"epoch": 2}');
    writeFileSync(runFiles.config(run), `${readFileSync(runFiles.config(run), 'utf8')}novelty: 1\n`);
    expect(reasonFor(run)).toContain('config.yaml has changed since the run started');
    asBeforeDigests(run);
    expect(reasonFor(run)).toContain('novelty');
  });

  it.each<[string, string, RegExp]>([
    ['manifest.json', '{', /^2026\S*\/manifest\.json: is not JSON\. The file was damaged/],
    ['manifest.json', 'null', /^2026\S*\/manifest\.json: is not the manifest of a run/],
    ['manifest.json', '{"id": "../../x"}', /^2026\S*\/manifest\.json: is not the manifest of a run/],
    ['metrics.jsonl', '', /2026\S*\/metrics\.jsonl: is not there/],
    ['config.yaml', '', /2026\S*config\.yaml/],
    ['config.yaml', '- 1\n', /2026\S*config\.yaml/],
  ])('one whose %s is %j or not there', (file, text, reason) => {
    const run = project.run({ seed: 2, right: first(1) });
    rmSync(join(run, file));
    if (text !== '') writeFileSync(join(run, file), text);
    expect(reasonFor(run)).toMatch(reason);
  });

  it('the older of two runs of one method and seed', () => {
    const again = project.run({ right: first(12) });
    const { methods, leftOut } = board();
    expect(methods.map(({ runs }) => runs.map(({ id }) => id))).toEqual([[idOf(again)]]);
    expect(leftOut).toEqual([{ run: idOf(good), reason: `the newer run ${idOf(again)} has the same configuration and seed` }]);
  });

  it('runs of other questions than those of the newest run, which can be chosen', () => {
    const [before] = [project.settings.data].map((folder) =>
      readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))] as const),
    );
    project.writeQuestions('other');
    const other = project.run({ seed: 2, right: first(12) });
    const { methods, leftOut } = board();
    expect(methods.map(({ runs }) => runs.map(({ id }) => id))).toEqual([[idOf(other)]]);
    expect(leftOut.map(({ run }) => run)).toEqual([idOf(good)]);
    const [, key] = /is on other questions than .*: train \(\w{12}, here \w{12}\), val \(.*\), test \(.*\)\. .*; select these with --questions=(\w{12})$/.exec(leftOut[0].reason) ?? []; // prettier-ignore
    expect(() => board(`--questions=${key}`)).toThrow(
      /has other questions than run .*: train \(sha256 \w{12} then, \w{12} now\), val/,
    );
    const root = join(project.folder, 'before');
    mkdirSync(root);
    for (const [name, content] of before) writeFileSync(join(root, name), content);
    expect(board(`--questions=${key}`, `dataset.root=${root}`).methods[0].runs[0].id).toBe(idOf(good));
    expect(() => board('--questions=zz')).toThrow(/no finished run is on the questions zz\. There are runs on \w{12}, \w{12}/);
  });
});

describe('runs asked for by name', () => {
  it('are the only ones', () => {
    const run = project.run({ right: first(10) });
    project.run({ seed: 2, right: first(10) });
    const { methods, title } = board(`--runs=${run},${idOf(run)}`);
    expect([methods[0].runs.map(({ id }) => id), title]).toEqual([[idOf(run)], 'Chosen runs']);
  });

  it('must be there, finished, whole and of one dataset', () => {
    const good = project.run({ right: first(10) });
    const open = project.run({ seed: 2, right: first(1), finished: false });
    expect(() => board('--runs=1999')).toThrow('there is no run 1999 in ');
    expect(() => board(`--runs=${good},${open}`)).toThrow(`${open} is not finished`);
    writeFileSync(runFiles.predictions(good, 'test'), 'x');
    expect(() => board(`--runs=${good}`)).toThrow(`${runFiles.predictions(good, 'test')}: has changed since the run's report was written`);
    project.predict(good, first(3));
    project.writeQuestions('other');
    const other = project.run({ right: first(10) });
    expect(() => board(`--runs=${good},${other}`)).toThrow(new RegExp(`is on other questions than ${idOf(other)}: train \\(`));
  });
});

it('knows templates, mistaken answers, what a run took and how sure it was; of an older run what there is', () => {
  const run = project.run({ right: first(27) });
  const other = project.run({ right: first(9), seed: 2 });
  const [{ cost, calibration, folder }] = board().methods[0].runs;
  expect([cost, calibration]).toEqual([{ parameters: null, trainingSeconds: null, peakMegabytes: null }, null]);
  expect(folder).toBe(`runs/board/${idOf(run)}`);

  asBeforeDigests(run);
  const epoch = (values: object): string =>
    `${JSON.stringify({ step: 1, epoch: 2, time: 1, values: { 'val/accuracy/All': 20, ...values } })}\n`;
  const figures = { 'throughput/questionsPerSecond': 36, 'system/process_peak_memory_megabytes': 500 };
  writeFileSync(join(run, 'metrics.jsonl'), epoch(figures) + epoch(figures)); // 72 questions an epoch
  const predictions = runFiles.predictions(run, 'test');
  const sure = readPredictions(predictions, project.questions).map((record) => ({
    ...record,
    probabilities: Array.from({ length: 42 }, (_, answer) => (answer === record.predicted ? 0.75 : 0.25 / 41)),
  }));
  writePredictions(predictions, sure);
  const { methods, templates, answers, dataset } = board();
  expect(methods[0].runs[0].cost).toMatchObject({ trainingSeconds: 4, peakMegabytes: 500 });
  for (const read of [methods, board().methods])
    expect(read[0].runs.map((one) => one.calibration?.[7])).toEqual([{ count: 36, right: 27, confidence: 27 }, undefined]);
  expect(templates).toHaveLength(9);
  const mean = templates.reduce((sum, { total }, at) => sum + total * methods[0].templates[at], 0) / dataset.questions;
  expect(mean).toBeCloseTo((100 * (27 + 9)) / 72, 10);
  const wrong = methods[0].confusion.filter(([right, given]) => right !== given);
  expect(wrong.every(([right, given]) => answers[given] === answers[(right + 1) % 42])).toBe(true);
  expect(wrong.reduce((sum, [, , count]) => sum + count, 0)).toBe(9 + 27);
  expect(idOf(other)).toBe(methods[0].runs[1].id);
});

it('draws no point of a curve that is no number', () => {
  const run = project.run({ right: first(3) });
  asBeforeDigests(run);
  writeFileSync(join(run, 'metrics.jsonl'), '{"step":1,"epoch":1,"time":1,"values":{"val/accuracy/All":"NaN"}}\n');
  expect(board().methods[0].runs[0].curve).toEqual([]);
});

it('compares predictions of another program with every run of the reference', () => {
  [1, 2].forEach((seed) => project.run({ seed, right: first(9 * seed) }));
  const file = join(project.folder, 'theirs.json');
  writeFileSync(file, JSON.stringify(Object.fromEntries(project.questions.map(({ id, answer }) => [id, answer]))));
  const { methods } = board(`--predictions=Theirs=${file}`, '--prediction-key=value', '--reference=TASS');
  expect(said).toEqual([`${file}: predictions under "value", matched by "key"; no other keys; 36 of 36 answers are numbers, read as indices from 0 in the official order`]); // prettier-ignore
  expect(methods.map(({ name, experiment }) => [name, experiment])).toEqual([['Theirs', 'predictions'], ['TASS', 'board']]); // prettier-ignore
  expect(methods[0].runs).toMatchObject([{ id: 'theirs.json', seed: null, code: null, engine: null, epoch: null, curve: [] }]);
  expect(methods[0].against?.All).toMatchObject({ difference: 62.5, mcnemar: [expect.any(Number), expect.any(Number)] });
  expect(() => board(`--predictions=Theirs=${file}.none`)).toThrow(/theirs\.json\.none: is not there/);
});

it('reads each file of another program with its own options, or with those for all', () => {
  const keysOf = (...words: string[]) => command('--predictions=A=a.json', '--predictions=A=b.json', '--predictions=B=c=d.json', ...words).predictions.map(({ file, reading }) => [file, reading.predictionKey, reading.digits]); // prettier-ignore
  expect(keysOf()).toEqual([['a.json', undefined, undefined], ['b.json', undefined, undefined], ['c=d.json', undefined, undefined]]); // prettier-ignore
  expect(keysOf('--prediction-key=x', '--prediction-key=B=y', '--digits=A=counts')).toEqual([['a.json', 'x', 'counts'], ['b.json', 'x', 'counts'], ['c=d.json', 'y', undefined]]); // prettier-ignore
  expect(keysOf('--prediction-key=C=y').map(([, key]) => key)).toEqual(['C=y', 'C=y', 'C=y']);
});

it('keeps what it has computed, and computes anew when an answer, an option or a question changes', () => {
  const run = project.run({ right: first(10) });
  const cache = join(project.folder, '.cache/leaderboard');
  const once = board();
  expect(readdirSync(cache)).toHaveLength(1);
  const [file] = readdirSync(cache);
  expect({ ...board(), created: once.created }).toEqual(once);
  expect(readdirSync(cache)).toEqual([file]);
  const stored = readFileSync(join(cache, file), 'utf8');
  const edited = JSON.parse(readSealed(stored).body.replace(/"mean":[\d.]+/, '"mean":99')) as object;
  writeFileSync(join(cache, file), sealedJson(edited, 0));
  expect(JSON.stringify(board().methods)).toContain('"mean":99'); // it is read
  for (const damaged of [stored.replace(/"mean":[\d.]+/, '"mean":99'), stored.slice(0, 50), '[]', '{}', 'null', '[null]', '[3]']) {
    writeFileSync(join(cache, file), damaged);
    expect({ ...board(), created: once.created }).toEqual(once);
  }
  board('--resamples=300');
  project.predict(run, first(11));
  expect(board().methods[0].figures.All.mean).toBeGreaterThan(once.methods[0].figures.All.mean);
  expect(readdirSync(cache)).toHaveLength(3);
  rmSync(cache, { recursive: true });
  writeFileSync(cache, ''); // a file in its place: nothing can be kept, and nothing is wrong
  expect(board().methods).toHaveLength(1);
});

describe('refuses', () => {
  it('what is not there', () => {
    expect(() => board()).toThrow(/runs has none of the requested runs\. Train one/);
    project.run({ right: first(1), finished: false });
    expect(() => board()).toThrow(/there is no finished run with test predictions to show:\n {2}2026.*: .* is not finished/);
    expect(() => board('--split=val')).toThrow('there is no finished run with val predictions');
    expect(() => board('--exp=bord')).toThrow(/there is no run of bord in .*\. There are runs of board\. Did you mean board\?/);
    expect(() => board('--sweep=x')).toThrow('there is no sweep x. There are none yet');
  });

  it('an embedded world that is not there, with how to make it', () => {
    const run = project.run({ right: first(1) });
    asBeforeDigests(run);
    const config = readFileSync(runFiles.config(run), 'utf8');
    const world = 'dataset:\n  kind: mini-avqa\n  seed: 1\n  videos: { train: 4, val: 2, test: 2 }\n';
    writeFileSync(runFiles.config(run), config.replace(/^dataset:\n( .*\n)+/m, world));
    const makeIt = `npx nx run evaluator:evaluate --run=${idOf(run)}`;
    expect(() => board()).toThrow(new RegExp(`does not contain the embedded world of run ${idOf(run)}\\. Make it: ${makeIt}$`));
  });

  it.each<[string[], string]>([
    [['--expr=a'], '--expr is not an option'],
    [['--exp=a', '--runs=b'], '--exp and --runs exclude each other, expected one of them'],
    [['--split=train'], '--split is train, expected val or test'],
    [['--resamples=5'], '--resamples is 5, expected a whole number from 100 to 100000'],
    [['--predictions=file.json'], '--predictions=file.json names no file, expected --predictions=NAME=FILE'],
    [['--id-key=x'], '--id-key applies to --predictions=NAME=FILE, which is missing'],
    [['--predictions=A=x', '--digits=words'], '--digits is words, expected counts, indices, indices-from-1'],
    [['--predictions=A=x', '--digits=A=counts', '--digits=A=indices'], '--digits is given more than once, expected one'],
    [['epochs=3'], 'epochs=3 is not a setting here, only dataset.root=FOLDER can be given'],
  ])('%j', (words, message) => expect(() => parseLeaderboard(words)).toThrow(message));
});
