import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readSplit } from '@tass/dataset-music-avqa';
import { fitPrior, percent, readPredictions, scoreByType } from '@tass/evaluation';
import { runFiles } from '@tass/experiment';
import { readSealed } from '@tass/files';
import type { Leaderboard } from '@tass/leaderboard';
import { asBeforeDigests, MiniatureProject, filesIn, resultsOf, runProgram } from '@tass/testing';

const project = new MiniatureProject();
let run: string;
let trainersTable: string;
beforeAll(async () => {
  const { code, output, errors } = await project.train(['--exp=miniature']);
  expect([code, errors]).toEqual([0, expect.stringContaining('run folder: ')]);
  trainersTable = output;
  [run] = project.runsOf();
});
afterAll(() => project.remove());

const report = (): Record<string, never> => JSON.parse(readFileSync(join(run, 'report.json'), 'utf8'));

it('prints the table that the trainer printed, and leaves every result as it was', async () => {
  const before = resultsOf(run);
  const { code, output } = await project.evaluate([`--run=${basename(run)}`]);
  expect(code).toBe(0);
  expect(output).toContain(trainersTable.trim());
  expect(output).toMatch(/^majority per template \| /m);
  expect(resultsOf(run)).toEqual(before);
});

it('writes a prediction for each question, from which the report can be had again', () => {
  const questions = readSplit(project.world, 'test').questions;
  const score = scoreByType(readPredictions(runFiles.predictions(run, 'test'), questions), questions);
  const prior = scoreByType(fitPrior(readSplit(project.world, 'train').questions, 'template').predictAll(questions), questions);
  const { all, groups } = score;
  expect(report()).toMatchObject({
    split: 'test',
    score: { all: { ...all, percent: percent(all) }, groups: { Visual: { ...groups.Visual, percent: percent(groups.Visual) } } },
    prior: { all: { ...prior.all, percent: percent(prior.all) } },
  });
  expect(all.total).toBe(questions.length);
});

it('scores val as the trainer did when it chose the epoch', async () => {
  const { code, output } = await project.evaluate([`--run=${run}`, '--split=val']);
  expect(code).toBe(0);
  const [heading, epoch] = /\d+ val questions, parameters of epoch (\d+) \(the best on val\)/.exec(output) ?? [];
  expect(heading).toBeDefined();
  const lines = readFileSync(join(run, 'metrics.jsonl'), 'utf8').trimEnd().split('\n');
  const chosen = JSON.parse(lines[Number(epoch) - 1]).values['val/accuracy/All'] as number;
  expect(Math.max(...lines.map((line) => JSON.parse(line).values['val/accuracy/All'] ?? 0))).toBe(chosen); // the last line is of test
  const questions = readSplit(project.world, 'val').questions;
  expect(percent(scoreByType(readPredictions(runFiles.predictions(run, 'val'), questions), questions).all)).toBe(chosen);
});

it('says where and when the network looks, next to a uniform attention and the truth, and keeps it', () => {
  const file = runFiles.grounding(run, 'test');
  const output = trainersTable;
  expect(readFileSync(join(run, 'report.md'), 'utf8')).toMatch(/^## Where and when it looks$/m);
  expect(output).toMatch(/^attention in time, n \d+ \| share/m);
  expect(output).toMatch(/^truth +\| +100\.0 +\d+\.\d +\+\d+\.\d +\| +100\.0 /m);
  expect(output).toMatch(/^audio +\d+ \| +\d/m);
  const { columns, questions, mapThreshold, truth } = JSON.parse(readFileSync(file, 'utf8'));
  expect(truth).toBe(JSON.parse(readFileSync(join(project.world, 'json/grounding-test.json'), 'utf8')).sha256);
  expect(mapThreshold).toBe(0.5);
  const { ids, ...series } = questions;
  expect(ids).toEqual(readSplit(project.world, 'test').questions.map(({ id }) => id));
  const judged = series['time/visual/hit'].values.filter((value: number | null) => value !== null);
  const { mean, chance } = columns.All['time/visual/hit'];
  expect(mean).toBeCloseTo(judged.reduce((sum: number, value: number) => sum + value, 0) / judged.length, 3);
  const { values } = JSON.parse(readFileSync(join(run, 'metrics.jsonl'), 'utf8').trimEnd().split('\n').at(-1)!);
  expect(values['test/grounding/visual/hit']).toBe(mean);
  expect(chance).toBeGreaterThan(0.1);
  expect(chance).toBeLessThanOrEqual(0.5);
});

it('measures without truth where the features have other segments, as the trainer does', async () => {
  const { errors: said } = await project.train(['--exp=miniature', 'features.segments=5', 'features.segmentSeconds=2', 'epochs=1']);
  const own = /^run folder: (.*)$/m.exec(said)![1];
  const { code, output, errors } = await project.evaluate([`--run=${own}`]);
  project.removeRuns(join('miniature', basename(own)));
  expect(code).toBe(0);
  for (const lines of [said, errors])
    expect(lines).toMatch(/^grounding is measured without truth: .*grounding-test\.json: question \d+ has \d+ segments in /m);
  expect(output).toMatch(
    /^The grounding-test\.json next to the annotations cannot be used: attention and maps are not compared with the truth$/m,
  );
  expect(output).toMatch(/^visual +[\d.]+ +[\d.]+$/m); // entropy and weight
});

it('makes a damaged truth of the embedded world again', async () => {
  const truth = join(project.world, 'json/grounding-test.json');
  const text = readFileSync(truth, 'utf8');
  writeFileSync(truth, text.slice(0, -5));
  const { output, errors } = await project.evaluate([`--run=${run}`]);
  expect(errors).toContain(`${truth}: written, as it was missing or damaged`);
  expect(output).toMatch(/^truth +\|/m);
  expect(readFileSync(truth, 'utf8')).toBe(text);
});

it('and what the trainer wrote stands on a leaderboard, with the same figures', async () => {
  const main = join(__dirname, 'main.ts');
  const { code, output, errors } = await runProgram(main, ['leaderboard', '--exp=miniature'], { folder: project.folder });
  expect([code, errors]).toEqual([0, '']);
  expect(output).toMatch(/^MiniAVQA, seed \d+, test: /m);
  const { methods, priors } = JSON.parse(readFileSync(join(project.folder, 'leaderboards/miniature/leaderboard.json'), 'utf8'));
  const { score, prior, epoch } = report() as unknown as Record<'score' | 'prior', { all: { percent: number; correct: number } }> & {
    epoch: number;
  };
  expect(methods).toMatchObject([{ name: 'miniature', runs: [{ id: basename(run), seed: 1, epoch }] }]);
  expect(methods[0].figures.All.mean).toBeCloseTo(score.all.percent, 10);
  expect(priors[1].figures.All).toBeCloseTo(prior.all.percent, 10);
  expect(methods[0].runs[0].curve.map((point: { epoch: number }) => point.epoch)).toEqual([1, 2]);
  expect(methods[0].runs[0].engine).toContain('tfjs-backend-wasm');
  const [{ cost, calibration }] = methods[0].runs as Leaderboard['methods'][number]['runs'];
  for (const value of Object.values(cost)) expect(value).toBeGreaterThan(0);
  const file = runFiles.grounding(run, 'test');
  const kept = readFileSync(file, 'utf8');
  const { mean, interval } = JSON.parse(kept).columns.All['time/visual/hit'];
  expect(methods[0].grounding['visual/hit']).toEqual({
    mean: expect.closeTo(mean, 3),
    deviation: null,
    low: expect.closeTo(interval.low, 3),
    high: expect.closeTo(interval.high, 3),
    against: null,
  });
  expect(output).toMatch(/^Where and when it looks$/m);
  writeFileSync(file, readSealed(kept).body.replace(/"epoch":\d+/, '"epoch":77'));
  const stale = await runProgram(main, ['leaderboard', '--exp=miniature'], { folder: project.folder });
  writeFileSync(file, kept);
  expect(stale.output).not.toMatch(/^Where and when it looks$/m);
  expect(stale.output).toMatch(/where and when it looks: .*: it is of epoch 77, the run was scored at \d\. Make it again/);
  expect(calibration?.map(({ right }) => right).reduce((sum, right) => sum + right)).toBe(score.all.correct);
});

it('measures what the answers lose without the grounding as the trainer did, keeps it, and shows it on the leaderboard', async () => {
  const byTrainer = readFileSync(runFiles.use(run, 'test'), 'utf8');
  rmSync(runFiles.use(run, 'test'));
  const { code, output } = await project.evaluate([`--run=${run}`, '--use']);
  expect(code).toBe(0);
  const { areas, curves, seal: _, ...byEvaluator } = JSON.parse(readFileSync(runFiles.use(run, 'test'), 'utf8'));
  expect(byEvaluator).toEqual(readSealed(byTrainer).content);
  expect(Object.keys(curves.means)).toEqual(['seconds', 'regions']);
  const board = await runProgram(join(__dirname, 'main.ts'), ['leaderboard', '--exp=miniature'], { folder: project.folder });
  expect(board.output).toMatch(/deletion of seconds, minus random .* insertion of regions, minus random/);
  const { accuracy, interventions, right, questions } = JSON.parse(byTrainer);
  const { score, use } = report() as unknown as { score: { all: { percent: number } }; use: { interventions: object } };
  expect(accuracy.All).toBeCloseTo(score.all.percent, 10);
  expect(use.interventions).toEqual(interventions);
  expect(questions).toEqual(readSplit(project.world, 'test').questions.map(({ id }) => id));
  expect(Object.keys(interventions)).toEqual(['uniform-attention', 'swapped-attention', 'uniform-map']);
  const last = JSON.parse(readFileSync(join(run, 'metrics.jsonl'), 'utf8').trimEnd().split('\n').at(-1)!).values;
  const { methods } = JSON.parse(readFileSync(join(project.folder, 'leaderboards/miniature/leaderboard.json'), 'utf8'));
  expect(methods[0].use.runs).toBe(1);
  for (const [name, against] of Object.entries<{ All: { difference: number; low: number; high: number } }>(interventions)) {
    const marks: string = right[name];
    const difference = (100 * [...marks].filter((mark) => mark === '1').length) / marks.length - accuracy.All;
    expect(marks).toMatch(new RegExp(`^[01]{${questions.length}}$`));
    expect(against.All.difference).toBeCloseTo(difference, 8);
    expect(last[`test/use/${name}`]).toBeCloseTo(difference, 8);
    expect(methods[0].use.differences[name].difference).toBeCloseTo(difference, 8);
  }
  for (const [name, { gain }] of Object.entries<{ gain: { mean: number } }>(curves.gains)) {
    const gains = areas[name].map((area: number, at: number) => area - areas[`${name.split('/')[0]}/random`][at]);
    expect(gains.reduce((sum: number, value: number) => sum + value, 0) / gains.length).toBeCloseTo(gain.mean, 4);
    expect(methods[0].use.differences[name].difference).toBeCloseTo(100 * gain.mean, 2);
    expect(output).toMatch(new RegExp(`^${name.replace('/', ', ')} +\\d`, 'm'));
  }
  for (const row of ['as trained', 'attention made uniform', 'attention of another video', 'map made uniform'])
    for (const text of [output, readFileSync(join(run, 'report.md'), 'utf8')]) expect(text).toMatch(new RegExp(`^(\\| )?${row} +\\|`, 'm'));
});

it('scores on another engine, to the same answers', async () => {
  const answers = (): string[] => {
    const lines = readFileSync(runFiles.predictions(run, 'test'), 'utf8').trimEnd().split('\n');
    return lines.map((line) => `${JSON.parse(line).questionId} ${JSON.parse(line).predicted}`);
  };
  const before = answers();
  expect((await project.evaluate([`--run=${run}`, 'engine.backend=cpu'])).code).toBe(0);
  expect(answers()).toEqual(before);
});

describe('refuses, and changes nothing', () => {
  async function refusal(code: number, ...words: string[]): Promise<string> {
    const { errors, ...rest } = await project.refusal('evaluate', words);
    expect(rest).toEqual({ code, output: '', showsStack: false, changed: [] });
    return errors;
  }
  const copyOf = (): string => {
    const copy = join(mkdtempSync(join(project.folder, 'copy-')), basename(run));
    cpSync(run, copy, { recursive: true });
    return copy;
  };

  it.each<[string, string[], string]>([
    ['no run', [], 'evaluator: no run is named. Write --run=RUN; the trainer prints the run folder, and runs/ contains all of them\n'],
    [
      'an unknown option',
      ['--run=x', '--k=1'],
      'evaluator: --k is not an option, expected --run=VALUE, --split=VALUE, --use; settings are written key=value\n',
    ],
    ['the questions trained on', ['--run=x', '--split=train'], 'evaluator: --split is train, expected val or test\n'],
    [
      'another setting than the engine',
      ['--run=x', 'model.dim=8'],
      'evaluator: model.dim=8 cannot be changed, a run is scored as it was trained; only engine.backend, engine.device, engine.threads and engine.compile can, and another test by dataset, dataset.version, dataset.root, features.store\n',
    ],
  ])('%s, with code 2', async (_, words, message) => expect(await refusal(2, ...words)).toBe(message));

  it('a run that is not there', async () => {
    expect(await refusal(1, '--run=2025')).toBe(
      `evaluator: there is no run 2025 in ${project.runs}. Newest: miniature/${basename(run)}.\n`,
    );
  });

  it('a run none of whose epochs is finished', async () => {
    const copy = copyOf();
    rmSync(join(copy, 'checkpoints'), { recursive: true });
    expect(await refusal(1, `--run=${copy}`)).toBe(
      `evaluator: ${copy} has nothing to score: no epoch is finished. Resume it: npx nx run trainer:train --resume=${basename(run)}\n`,
    );
  });

  it('a checkpoint of which one bit is another', async () => {
    const copy = copyOf();
    const bytes = readFileSync(runFiles.best(copy));
    bytes[bytes.length - 5] ^= 1;
    writeFileSync(runFiles.best(copy), bytes);
    expect(await refusal(1, `--run=${copy}`)).toContain(
      `evaluator: ${runFiles.best(copy)}: its content does not match its checksum. The file is damaged: `,
    );
  });

  it('a checkpoint that is whole, but not the one of its report', async () => {
    const copy = copyOf();
    cpSync(runFiles.last(copy), runFiles.best(copy));
    expect(await refusal(1, `--run=${copy}`)).toContain(
      `evaluator: ${runFiles.best(copy)} has changed since the run's report was written`,
    );
  });

  it('a checkpoint of another shape than the configuration', async () => {
    const copy = copyOf();
    asBeforeDigests(copy);
    const config = readFileSync(runFiles.config(copy), 'utf8');
    writeFileSync(runFiles.config(copy), config.replace(/^( +dim: )16$/m, '$132'));
    expect(await refusal(1, `--run=${copy}`)).toContain(`${runFiles.best(copy)}: of another network than the one configured: `);
  });

  it('a run whose features have changed', async () => {
    const manifest = join(project.world, 'features/tiny-audio-every-10x1/manifest.json');
    const text = readFileSync(manifest, 'utf8');
    writeFileSync(manifest, readSealed(text).body.replace(/\n$/, ' \n'));
    try {
      expect(await refusal(1, `--run=${run}`)).toMatch(
        new RegExp(
          `evaluator: ${run} was trained with other data: features \\(sha256 \\w{12} then, \\w{12} now\\)\\. Restore that data`,
        ),
      );
    } finally {
      writeFileSync(manifest, text);
    }
  });

  it('a run whose questions have changed; a truth of other annotations is named', async () => {
    // The embedded world would be mended; a user's own copy of a dataset is what it is.
    const root = join(project.folder, 'own');
    const rows = JSON.parse(readFileSync(join(project.world, 'json/avqa-val.json'), 'utf8')) as { anser: string }[];
    const write = (): void => ['val', 'test'].forEach((split) => writeFileSync(join(root, `avqa-${split}.json`), JSON.stringify(rows)));
    cpSync(join(project.world, 'json'), root, { recursive: true });
    rmSync(join(root, 'avqa-train.json'));
    write();
    const { errors: said } = await project.train([
      ...[
        '--exp=question-only',
        `dataset.root=${root}`,
        'dataset.holdOut=0.5',
        'engine.backend=wasm',
        'epochs=1',
        'model.dim=8',
        'model.heads=1',
      ],
    ]);
    const own = /^run folder: (.*)$/m.exec(said)![1];
    const foreign = `${join(root, 'grounding-test.json')}: it is of other annotations (sha256 `;
    const evaluated = await project.evaluate([`--run=${own}`]);
    expect(evaluated.code).toBe(0);
    for (const lines of [said, evaluated.errors]) expect(lines).toContain(`grounding is measured without truth: ${foreign}`);
    rows[0].anser = rows[0].anser === 'yes' ? 'no' : 'yes';
    write();
    const errors = await refusal(1, `--run=${own}`);
    expect(errors).toMatch(
      /evaluator: .* was trained with other data: train \(sha256 .*\), val \(.*\), test \(.*\)\. Restore that data, or train/,
    );
  });
});

it('shows how it is used', async () => {
  const before = filesIn(project.folder);
  const { code, output } = await project.evaluate(['help']);
  expect([code, output]).toEqual([0, expect.stringContaining('npx nx run evaluator:evaluate --run=RUN --split=val')]);
  expect(filesIn(project.folder)).toEqual(before);
  expect(readdirSync(run).filter((name) => /lock|tmp|unfinished/.test(name))).toEqual([]);
});
