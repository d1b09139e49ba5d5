import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readSplit } from '@tass/dataset-music-avqa';
import { fitPrior, percent, readPredictions, scoreByType } from '@tass/evaluation';
import { runFiles } from '@tass/experiment';
import { MiniatureProject, filesIn, resultsOf, runProgram } from '@tass/testing';

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

it('and what the trainer wrote stands on a leaderboard, with the same figures', async () => {
  const main = join(__dirname, 'main.ts');
  const { code, output, errors } = await runProgram(main, ['leaderboard', '--exp=miniature'], { folder: project.folder });
  expect([code, errors]).toEqual([0, '']);
  expect(output).toMatch(/^MiniAVQA, seed \d+, test: /m);
  const { methods, priors } = JSON.parse(readFileSync(join(project.folder, 'leaderboards/miniature/leaderboard.json'), 'utf8'));
  const { score, prior, epoch } = report() as unknown as Record<'score' | 'prior', { all: { percent: number } }> & { epoch: number };
  expect(methods).toMatchObject([{ name: 'miniature', runs: [{ id: basename(run), seed: 1, epoch }] }]);
  expect(methods[0].figures.All.mean).toBeCloseTo(score.all.percent, 10);
  expect(priors[1].figures.All).toBeCloseTo(prior.all.percent, 10);
  expect(methods[0].runs[0].curve.map((point: { epoch: number }) => point.epoch)).toEqual([1, 2]);
  expect(methods[0].runs[0].engine).toContain('tfjs-backend-cpu');
});

it('scores on another engine, to the same answers', async () => {
  const answers = (): string[] => {
    const lines = readFileSync(runFiles.predictions(run, 'test'), 'utf8').trimEnd().split('\n');
    return lines.map((line) => `${JSON.parse(line).questionId} ${JSON.parse(line).predicted}`);
  };
  const before = answers();
  expect((await project.evaluate([`--run=${run}`, 'engine.backend=wasm'])).code).toBe(0);
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
    ['no run', [], 'evaluator: no run is named. Write --run=RUN; the trainer prints its run folder, the folder runs/ holds them all\n'],
    [
      'an unknown option',
      ['--run=x', '--k=1'],
      'evaluator: --k is not an option, expected --run=VALUE, --split=VALUE; settings are written key=value\n',
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
      `evaluator: ${copy} has nothing to score yet, as none of its epochs is finished. Go on with it: npx nx run trainer:train --resume=${basename(run)}\n`,
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

  it('a checkpoint of another shape than the configuration', async () => {
    const copy = copyOf();
    const config = readFileSync(runFiles.config(copy), 'utf8');
    writeFileSync(runFiles.config(copy), config.replace(/^( +dim: )16$/m, '$132'));
    expect(await refusal(1, `--run=${copy}`)).toContain(`${runFiles.best(copy)}: of another network than the one configured: `);
  });

  it('a run whose features have changed', async () => {
    const manifest = join(project.world, 'features/tiny-audio-every-10x1/manifest.json');
    const text = readFileSync(manifest, 'utf8');
    writeFileSync(manifest, text.replace(/\n$/, ' \n'));
    try {
      expect(await refusal(1, `--run=${run}`)).toMatch(
        new RegExp(
          `evaluator: ${run} was trained with other data: features \\(sha256 \\w{12} then, \\w{12} now\\)\\. Bring that data back`,
        ),
      );
    } finally {
      writeFileSync(manifest, text);
    }
  });

  it('a run whose questions have changed', async () => {
    // The embedded world would be mended; a user's own copy of a dataset is what it is.
    const root = join(project.folder, 'own');
    const rows = JSON.parse(readFileSync(join(project.world, 'json/avqa-val.json'), 'utf8')) as { anser: string }[];
    const write = (): void => ['val', 'test'].forEach((split) => writeFileSync(join(root, `avqa-${split}.json`), JSON.stringify(rows)));
    cpSync(join(project.world, 'json'), root, { recursive: true });
    rmSync(join(root, 'avqa-train.json'));
    write();
    const own = await project.trained([
      ...[
        '--exp=question-only',
        `dataset.root=${root}`,
        'dataset.holdOut=0.5',
        'engine.backend=cpu',
        'epochs=1',
        'model.dim=8',
        'model.heads=1',
      ],
    ]);
    rows[0].anser = rows[0].anser === 'yes' ? 'no' : 'yes';
    write();
    const errors = await refusal(1, `--run=${own}`);
    expect(errors).toMatch(
      /evaluator: .* was trained with other data: train \(sha256 .*\), val \(.*\), test \(.*\)\. Bring that data back, or train/,
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
