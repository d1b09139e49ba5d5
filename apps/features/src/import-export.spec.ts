import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MiniatureProject, resultsOf, signalAtLock } from '@tass/testing';

const project = new MiniatureProject();
const files = join(project.folder, 'npy');
const sounds = join(project.folder, 'sounds');
let own: string; // the run on the features that the encoders made
beforeAll(async () => {
  own = await project.trained(['--exp=miniature']);
});
afterAll(() => project.remove());

const run = (command: 'import' | 'export', ...words: string[]) => project.features(command, ['--exp=miniature', ...words]);
const metricsOf = (folder: string) => (resultsOf(folder)['metrics.jsonl'] as { values: object }[]).map(({ values }) => values);

it('writes features for Python and takes them in again, to the same results', async () => {
  expect(await run('export', '--field=class-and-patches', `--to=${files}`)).toMatchObject({
    code: 0,
    output: `${files}: 8 files of class-and-patches, 0 videos without features\n`,
  });
  expect(await run('export', '--field=audio', `--to=${sounds}`, '--type=float16')).toMatchObject({ code: 0 });
  const visual = await run('import', `--from=${files}`, '--as=visual', '--name=theirs', '--space=clip:tiny-clip');
  expect([visual.code, visual.output]).toEqual([
    0,
    expect.stringContaining(
      'layout class-and-patches [time, 1 + regions, width], row 0 the class token; 8 videos imported, 0 kept, 0 faults',
    ),
  ]);
  expect(visual.output).toContain('npx nx run trainer:train --exp=miniature features.importedVisual=theirs');
  expect(await run('import', `--from=${sounds}`, '--as=audio', '--name=theirs-audio')).toMatchObject({ code: 0 });
  const imported = await project.trained(['--exp=miniature', 'features.importedVisual=theirs', 'features.importedAudio=theirs-audio']);
  expect(metricsOf(imported)).toEqual(metricsOf(own));
  expect(readdirSync(join(project.world, 'features'))).toContain('tiny-clip-words-prompt'); // texts alone
});

it('gives its lock back when a signal stops it, and the same command resumes it', async () => {
  const preload = join(project.folder, 'stop.cjs');
  writeFileSync(preload, signalAtLock('prepare.lock'));
  const words = [`--from=${sounds}`, '--as=audio', '--name=stopped'];
  const { code, signal, errors } = await project.features('import', ['--exp=miniature', ...words], { preload: [preload] });
  expect([code, signal, errors]).toEqual([130, null, expect.stringContaining('stopped; finished parts are kept')]);
  expect(readdirSync(join(project.world, 'features', 'stopped'))).not.toContain('prepare.lock');
  expect(await run('import', ...words)).toMatchObject({ code: 0, output: expect.stringContaining('8 videos imported, 0 kept') });
});

it.each([
  [[], 'features: import needs --from=FOLDER --as=visual or --as=audio --name=NAME. npx tass import --help says more'],
  [['--from=x', '--as=vsual', '--name=x'], 'features: --as is vsual, expected visual, audio'],
])('refuses the words %j before it reads the dataset', async (words, message) =>
  expect(await run('import', ...words, 'dataset.root=nowhere')).toMatchObject({ code: 2, errors: expect.stringContaining(message) }),
);

it('takes a part of the videos, without any media, and prints commands that work as they are', async () => {
  const root = join(project.folder, 'without-media');
  cpSync(join(project.world, 'json'), join(root, 'json'), { recursive: true });
  cpSync(join(project.world, 'world.json'), join(root, 'world.json'));
  const some = readdirSync(files).sort();
  const left = some.filter((_, index) => index % 4 !== 3); // of 4 + 2 + 2 videos
  for (const [from, to] of [
    [files, 'visual'],
    [sounds, 'audio'],
  ]) {
    mkdirSync(join(root, to));
    for (const name of left) cpSync(join(from, name), join(root, to, name));
  }
  const base = readFileSync(join(project.experiments, 'miniature.yaml'), 'utf8')
    .replace('[/quickstart,', '[/quickstart, { override /dataset: music-avqa },')
    .replace(/^dataset:.*$/m, '');
  writeFileSync(join(project.experiments, 'without-media.yaml'), base);
  const bring = (...words: string[]) =>
    project.features('import', ['--exp=without-media', `dataset.root=${root}`, 'dataset.questions=present', ...words]);
  const visual = await bring(`--from=${root}/visual`, '--as=visual', '--name=theirs', '--space=clip:tiny-clip');
  expect([visual.code, visual.output]).toEqual([
    0,
    expect.stringContaining('\n2 videos without a file left out (dataset.questions=present)\n'),
  ]);
  const audio = await bring(`--from=${root}/audio`, '--as=audio', '--name=heard', 'features.importedVisual=theirs');
  const printed = [...audio.output.matchAll(/npx nx run (\w+):(\w+) (.*)$/gm)].map(([, app, verb, words]) => ({
    app,
    verb,
    words: words.split(' '),
  }));
  expect(printed.map(({ app, verb }) => `${app}:${verb}`)).toEqual(['features:prepare', 'trainer:train']);
  expect(await project.features('prepare', printed[0].words)).toMatchObject({ code: 0 });
  const trained = await project.train(printed[1].words);
  expect([trained.code, trained.errors]).toEqual([0, expect.stringContaining('only those whose videos are here: 3 of 4 videos')]);
  rmSync(root, { recursive: true });
});

it("refuses features of another space until learned maps bring them into the texts' one, and says so with the results", async () => {
  expect(await run('import', `--from=${files}`, '--as=visual', '--name=resnet')).toMatchObject({ code: 0 });
  const { code, errors } = await project.refusal('train', ['--exp=miniature', 'features.importedVisual=resnet']);
  expect(code).toBe(1);
  expect(errors).toMatch(
    /frames and patches of .*features\/resnet are in the space "own" of \d+ values, the texts in that of tiny-clip of \d+\. Their cosine means nothing\. Set model\.visualProjection=learned/,
  );
  const learned = await project.train(['--exp=miniature', 'features.importedVisual=resnet', 'model.visualProjection=learned']);
  expect(learned.errors).toContain('regions and texts are matched as trained here, not as CLIP matches them');
  expect(learned.code).toBe(0);
});

it('takes merged tokens next to frames, and patches of sound next to vectors, to be trained on', async () => {
  const [tokens, frames] = [join(project.folder, 'tokens'), join(project.folder, 'frames')];
  for (const [field, folder] of [
    ['patch', tokens],
    ['frame', frames],
  ])
    expect(await run('export', `--field=${field}`, `--to=${folder}`)).toMatchObject({ code: 0 });
  const from = [`--from=${tokens}`, `--frames=${frames}`, '--as=visual', '--layout=merged-tokens', '--name=tokens'];
  const visual = await run('import', ...from);
  expect([visual.code, visual.output]).toEqual([0, expect.stringContaining('layout merged-tokens [time, tokens, width]')]);
  expect(visual.output).toContain('features.importedVisual=tokens model.visualProjection=learned');
  const audio = await run('import', `--from=${sounds}`, `--patches=${tokens}`, '--as=audio', '--name=with-patches');
  expect([audio.code, audio.output]).toEqual([0, expect.stringContaining('8 videos imported, 0 kept, 0 faults')]);
  const imported = ['features.importedVisual=tokens', 'features.importedAudio=with-patches', 'model.visualProjection=learned'];
  expect(await project.train(['--exp=miniature', ...imported])).toMatchObject({ code: 0 });
});

it('says how rows are taken that are not as many as expected, and prints the last of two stores as the next one', async () => {
  const { code, output } = await run(
    'import',
    ...[
      `--from=${sounds}`,
      '--as=audio',
      '--name=thirds',
      'features.segments=3',
      'features.segmentSeconds=3',
      'features.importedAudio=heard',
    ],
  );
  expect(code).toBe(0);
  expect(output).toContain('most files have 10 rows, not 9; they are taken as one a second: row 3 as second 3\n');
  expect(output).toContain('trainer:train --exp=miniature features.segments=3 features.segmentSeconds=3 features.importedAudio=thirds\n');
});

it('names the command in full where nothing was imported', async () => {
  const { code, errors } = await project.features('check', ['--exp=miniature', 'features.importedAudio=none']);
  expect([code, errors]).toEqual([
    1,
    expect.stringMatching(
      /there is no feature store at .*none \(no manifest\.json\)\. Run: npx nx run features:import --from=FOLDER --as=audio --name=none dataset=mini-avqa/,
    ),
  ]);
});

it('lists files that cannot be used, which training refuses', async () => {
  const [first] = readdirSync(files);
  const whole = readFileSync(join(files, first));
  writeFileSync(join(files, first), whole.subarray(0, whole.length - 5));
  const { code, output } = await run('import', `--from=${files}`, '--as=visual', '--name=cut', '--space=clip:tiny-clip');
  expect([code, output]).toEqual([
    1,
    expect.stringMatching(new RegExp(`^${first.slice(0, -4)}: .*\\n.*7 videos imported, 0 kept, 1 fault`)),
  ]);
  const { errors } = await project.refusal('train', ['--exp=miniature', 'features.importedVisual=cut']);
  expect(errors).toContain(`frame, patch are missing for 1 of the dataset's videos, the first: ${first.slice(0, -4)} (`);
});

it('says what is doubtful, which training refuses', async () => {
  const [first] = readdirSync(sounds);
  const whole = readFileSync(join(sounds, first));
  const row = whole.subarray(128, 128 + 2 * Number(/, (\d+),?\)/.exec(whole.toString('latin1', 0, 128))![1])); // float16
  writeFileSync(join(sounds, first), Buffer.concat([whole.subarray(0, 128), ...Array((whole.length - 128) / row.length).fill(row)]));
  const { code, output } = await run('import', `--from=${sounds}`, '--as=audio', '--name=still');
  expect([code, output]).toEqual([
    0,
    expect.stringMatching(
      new RegExp(
        `^${first.slice(0, -4)}: audio is doubtful: it is the same in all \\d+ segments\\n.*8 videos imported, 0 kept, 0 faults, 1 doubt\\nTraining refuses doubtful features unless features\\.faults=accept\\n`,
      ),
    ),
  ]);
  const { errors } = await project.refusal('train', ['--exp=miniature', 'features.importedAudio=still']);
  expect(errors).toContain(`audio is doubtful for 1 of the dataset's videos, the first: ${first.slice(0, -4)} (it is the same in all`);
});

it.each([
  [['--from=/nowhere', '--as=visual', '--name=x'], '/nowhere'],
  [['--from=x', '--as=visual', '--name=x', '--layout=square'], 'features: --layout is square, expected auto, vectors'],
  [['from=x', '--as=visual', '--name=x'], 'features: from=x is an option, write --from=x'],
  [['--from=x', '--as=visual', '--name=x', 'epoch=3'], 'epoch'],
])('refuses %j', async (words, message) => {
  const { code, errors } = await run('import', ...words);
  expect(code).toBeGreaterThan(0);
  expect(errors).toContain(message);
  expect(errors).not.toMatch(/\n\s+at /);
});
