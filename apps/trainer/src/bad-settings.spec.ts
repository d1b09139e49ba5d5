import { spawnSync } from 'node:child_process';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { MiniatureProject, filesIn } from '@tass/testing';

const project = new MiniatureProject();
beforeAll(() => project.trained(['--exp=miniature', 'epochs=1'])); // a whole world, features, a finished run
afterAll(() => project.remove());

/** What the trainer says when it refuses; nothing on the disk may change and nothing of the program's inside may show. */
async function refusal(code: number, ...words: string[]): Promise<string> {
  const { errors, ...rest } = await project.refusal('train', words);
  expect(rest).toEqual({ code, output: '', showsStack: false, changed: [] });
  return errors;
}

describe('a command line that cannot be understood ends with code 2', () => {
  const expected = 'expected --exp=VALUE, --resume[=VALUE], --cfg, --resolve, --info=VALUE, --multirun; settings are written key=value';
  it.each<[string, string[], string]>([
    ['nothing', [], 'trainer: no experiment is named. Write --exp=NAME, for example --exp=quickstart\n'],
    ['an unknown option', ['--exp=miniature', '--epochs=3'], `trainer: --epochs is not an option, ${expected}\n`],
    [
      'overrides of a run that goes on',
      ['--exp=miniature', '--resume', 'seed=2'],
      'trainer: seed=2 cannot be changed with --resume: a run keeps its configuration. Start a new run, or leave them out\n',
    ],
  ])('%s', async (_, words, message) => expect(await refusal(2, ...words)).toBe(message));
});

describe('an experiment that cannot be put together ends with code 1', () => {
  it.each<[string, string[], string | RegExp]>([
    [
      'unknown',
      ['--exp=quikstart'],
      /^--exp=quikstart: there is no experiment quikstart in experiments\. Available: ablations, ablations\/.*, module-ablation, .*, tass, tass-paper, tass-paper-small, tass-small\. Did you mean quickstart\?\n$/,
    ],
    [
      'with a misspelt key',
      ['--exp=miniature', 'optimizer.learningrate=3'],
      'override optimizer.learningrate=3: optimizer.learningrate is not a known key. ' +
        'Known: learningRate, beta1, beta2, epsilon, weightDecay, clipNorm, schedule. Did you mean learningRate?\n',
    ],
    ['with a value of another type', ['--exp=miniature', 'epochs=many'], 'override epochs=many: epochs is "many", expected a number\n'],
    [
      'with a value that is none of the choices',
      ['--exp=miniature', 'model.jtg.stream=dial'],
      'override model.jtg.stream=dial: model.jtg.stream is "dial", expected one of single, dual, paired. Did you mean dual?\n',
    ],
    [
      'with heads that do not divide the width',
      ['--exp=miniature', 'model.heads=3'],
      'override model.heads=3: model.heads is 3, expected a divisor of model.dim (16)\n',
    ],
    [
      'with an option that a group lacks',
      ['--exp=miniature', 'model=tas'],
      /there is no model\/tas\. Options of model: .*tass.*\. Did you mean tass\?\n$/,
    ],
    [
      'with two mistakes, both told, and keys of another choice',
      ['--exp=miniature', 'dataset=music-avqa'],
      /^experiments\/miniature\.yaml:\d+:\d+: dataset\.videos is a map \(train, val, test\), expected text\nexperiments\/miniature\.yaml:\d+:\d+: dataset\.workers is not a known key\. Known: kind, root, videos, frameSize, questions, holdOut, holdOutSeed\./,
    ],
  ])('%s', async (_, words, message) => {
    const errors = await refusal(1, ...words);
    if (typeof message === 'string') expect(errors).toBe(message);
    else expect(errors).toMatch(message);
  });
});

describe('an experiment that cannot be trained leaves no run behind', () => {
  it.each<[string, string[], string]>([
    [
      'too few steps for its schedule',
      ['batch.questions=32', 'optimizer.schedule.warmUp=0.1'],
      'oneCycle: 6 steps are too few for a warm-up of 0.1 of them, expected at least 11. Train more epochs, in smaller batches, or with a larger warmUp\n',
    ],
  ])('%s', async (_, words, message) => expect(await refusal(1, '--exp=miniature', ...words)).toContain(message));

  it('features that are not configured', async () => {
    const words = [`dataset.root=${project.world}`, 'model.inputs.audio=true', 'engine.backend=wasm'];
    expect(await refusal(1, '--exp=question-only', ...words)).toContain(
      'trainer: features is null, expected encoders, as this network reads features (model.*). Write +features=tiny\n',
    );
  });
});

describe('a run that cannot be gone on with', () => {
  const idOf = (folder: string) => folder.split('/').at(-1);

  it('is finished', async () => {
    const [run] = project.runsOf();
    expect(await refusal(1, `--resume=${idOf(run)}`)).toBe(
      `trainer: the run ${run} is finished. Score it: npx nx run evaluator:evaluate --run=${idOf(run)}\n`,
    );
  });

  it('is worked on elsewhere; both ways to resume it say by whom, and where its lock is', async () => {
    const [finished] = project.runsOf();
    const unfinished = (name: string): string => {
      const run = finished.replace(/-[^-]*$/, `-${name}`);
      cpSync(finished, run, { recursive: true });
      rmSync(`${run}/report.json`);
      return run;
    };
    const run = unfinished('locked');
    writeFileSync(`${run}/run.lock`, JSON.stringify({ pid: 7, host: 'node5', started: 'x/1', namespace: 'pid:[1]' }));
    const inUse =
      `the run ${run} is in use by process 7 on node5, namespace pid:[1]. Wait until it ends, or stop it. ` +
      `It cannot be seen from here: if it is gone, delete ${run}/run.lock`;
    expect(await refusal(1, `--resume=${idOf(run)}`)).toBe(`trainer: ${inUse}\n`);
    expect(await refusal(1, '--exp=miniature', '--resume')).toContain(`that is free to resume:\n${inUse}\nStart one: `);

    const free = unfinished('free'); // sorts as older
    const { errors } = await project.train(['--exp=miniature', '--resume', '--cfg']);
    expect(errors).toContain(`left out: ${inUse}\n`);
    for (const folder of [run, free]) rmSync(folder, { recursive: true });
  });

  it('is not there', async () => {
    expect(await refusal(1, '--exp=miniature', '--resume')).toBe(
      `trainer: there is no unfinished run of miniature in ${project.runs} that is free to resume. Start one: npx nx run trainer:train --exp=miniature\n`,
    );
    expect(await refusal(1, '--resume=20251123-000000')).toMatch(
      /^trainer: there is no run 20251123-000000 in .*runs\. Newest: miniature\//,
    );
  });
});

it('--cfg prints the configuration, as written or as it would be run, and trains nothing', async () => {
  const before = filesIn(project.folder);
  const words = ['--exp=miniature', 'seed=7', 'title=run-${seed}', 'engine.threads=${oc.decode:${oc.env:THREADS,null}}'];
  const written = await project.train([...words, '--cfg']);
  expect([written.code, written.output]).toEqual([0, expect.stringMatching(/^title: run-\$\{seed\}$/m)]);
  expect(written.output).not.toContain('segmentSeconds');
  const resolved = await project.train([...words, '--cfg', '--resolve'], { environment: { THREADS: '3' } });
  expect(resolved.output).toMatch(/^title: run-7\nseed: 7\nepochs: 2\n/);
  expect(resolved.output).toContain('learningRate: 0.01');
  expect(resolved.output).toContain('threads: 3');
  expect(resolved.output).toContain('segmentSeconds: 1'); // a default of the schema
  const explained = await project.train([...words, '--info=defaults']);
  expect(explained.output).toMatch(/^ {6}dataset\/mini-avqa-small +experiments\/quickstart\.yaml:\d+:\d+$/m);
  expect(explained.output).toMatch(/^ {2}title +run-7 {2}= run-\$\{seed\} +override title=run-\$\{seed\}$/m);
  expect(filesIn(project.folder)).toEqual(before);
});

it('a reference to nothing and several values where one is expected', async () => {
  expect(await refusal(1, '--exp=miniature', 'title=${sede}', 'epochs=${seed}')).toBe(
    'override title=${sede}: title is ${sede}: there is no key sede in files and overrides. Did you mean seed?\n',
  );
  expect(await refusal(1, '--exp=miniature', 'seed=1,2')).toMatch(/^override seed=1,2: .* add -m, or use trainer:sweep\n$/);
});

it('the advice for a text with a comma works as it is written', async () => {
  const said = await refusal(1, '--exp=miniature', 'title=a, "b"');
  const [, advice] = /for text put it in quotes, (.*); to run/.exec(said)!;
  const typed = spawnSync('bash', ['-c', `printf %s ${advice}`], { encoding: 'utf8' }).stdout;
  const { output } = await project.train(['--exp=miniature', typed, '--cfg']);
  expect(output).toMatch(/^title: a, "b"$/m);
});

it('a grid is named as such', async () => {
  expect(await refusal(1, '--exp=ablations')).toMatch(
    /ablations\.yaml:\d+:\d+: ablations is a grid of experiments\. Run it: npx nx run trainer:sweep --exp=ablations\n$/,
  );
});

it('the word help lists the experiments', async () => {
  const { code, output } = await project.train(['help']);
  expect(code).toBe(0);
  expect(output).toMatch(/--exp=NAME[^]*Experiments: .*miniature.*quickstart[^]*Grids: ablations[^]* model +.*tass-small/);
});
