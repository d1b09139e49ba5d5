import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  filesIn,
  fromSources,
  hasFfmpeg,
  MiniatureProject,
  needsSlurm,
  needsSwiftShader,
  runProgram,
  signalAtLock,
  SpecSlurm,
  swiftShaderEnvironment,
  withSlurm,
  withSwiftShader,
} from '@tass/testing';

const isWithFfmpeg = hasFfmpeg();
const withFfmpeg = isWithFfmpeg ? describe : describe.skip;
const videos = ['00000001', '00000002', 'sa00000003', 'silent'];
const seconds = 4; // two segments of two

const models = join(__dirname, '../../../packages/encoders/models');
const project = new MiniatureProject();
const root = join(project.folder, 'music');
const question = (videoId: string, index: number) => ({
  ...{ video_id: videoId, question_id: index, type: '["Visual", "Location"]', question_content: 'Where is the <Object>?' },
  ...{ templ_values: '["violin"]', question_deleted: 0, anser: index % 2 === 0 ? 'left' : 'right' },
});

beforeAll(() => {
  mkdirSync(join(root, 'videos'), { recursive: true });
  for (const split of ['train', 'val', 'test']) writeFileSync(join(root, `avqa-${split}.json`), JSON.stringify(videos.map(question)));
  const base = readFileSync(join(project.experiments, 'miniature.yaml'), 'utf8').replace(/^(dataset|features|batch):.*$/gm, '');
  const own = `${base.replace('[/quickstart,', '[/quickstart, { override /dataset: music-avqa },')}
dataset: { root: ${root} }
features: { clip: ${models}/tiny-clip, audio: ${models}/tiny-audio, segments: 2, segmentSeconds: 2, workers: 2 }
batch: { questions: 2, perVideo: 2 }
`;
  writeFileSync(join(project.experiments, 'music.yaml'), own);
  if (!isWithFfmpeg) return;
  videos.forEach((id, index) => {
    const sound = id === 'silent' ? [] : ['-f', 'lavfi', '-i', `sine=frequency=${300 * (index + 1)}:duration=${seconds}`];
    const picture = ['-f', 'lavfi', '-i', `testsrc2=size=128x96:rate=10:duration=${seconds}`];
    execFileSync('ffmpeg', ['-loglevel', 'error', ...picture, ...sound, '-pix_fmt', 'yuv420p', join(root, 'videos', `${id}.mp4`)]);
  });
});
afterAll(() => project.remove());

const forget = (): void => {
  for (const name of ['frames', 'audio', 'features', 'media-faults']) rmSync(join(root, name), { recursive: true, force: true });
};
const features = () => filesIn(join(root, 'features'));

withFfmpeg(`from videos to features${isWithFfmpeg ? '' : ' (skipped: ffmpeg is not installed)'}`, () => {
  let uninterrupted: ReturnType<typeof features>;

  it('extracts, encodes, lists what fails with its reason and fails; the store is of use all the same', async () => {
    const { code, output, errors } = await project.features('prepare', ['--exp=music']);
    expect(errors).toContain('media: 4 videos in ');
    expect(output).toMatch(/^audio of silent is missing: .*no sound/m);
    expect(output).toContain('1 fault. Mend these videos and run the same command again');
    expect(code).toBe(1);
    uninterrupted = features();

    const check = await project.features('check', ['--exp=music']);
    expect([check.code, check.output]).toEqual([
      1,
      expect.stringMatching(/^audio of silent is missing: .*\n1 problem in the features of 4 videos and 1 text\n$/),
    ]);
    const refused = await project.refusal('train', ['--exp=music']);
    expect(refused).toMatchObject({ code: 1, showsStack: false, changed: [] });
    expect(refused.errors).toMatch(
      /trainer: audio is missing for 1 of the dataset's videos, the first: silent \(.*\), in the feature store .*features\.faults=accept/,
    );
    const accepted = await project.train(['--exp=music', 'features.faults=accept', 'epochs=4']);
    expect(accepted.errors).toContain("audio is missing for 1 of the dataset's videos, the first: silent");
    expect([accepted.code, accepted.errors]).toEqual([0, expect.stringContaining('run folder')]);
  });

  it('refuses a device that is not here, before it encodes', async () => {
    const device = process.platform === 'win32' ? 'coreml' : 'dml';
    const store = join(project.folder, 'refused');
    const { code, errors } = await project.features('prepare', ['--exp=music', `features.device=${device}`, `features.store=${store}`]);
    expect([code, errors]).toEqual([1, expect.stringMatching(new RegExp(`^features: features.device=${device}: onnxruntime has no ${device} on `, 'm'))]); // prettier-ignore
    expect(existsSync(store)).toBe(false);
  });

  withSwiftShader(`on WebGPU ${needsSwiftShader}`, () => {
    it('encodes with the tiny encoders in worker processes, and says on what', async () => {
      const store = join(project.folder, 'webgpu');
      const words = ['--exp=music', 'features.device=webgpu', `features.store=${store}`, 'features.faults=accept'];
      const { code, errors } = await project.features('prepare', words, { environment: swiftShaderEnvironment });
      for (const stage of ['texts', 'frames', 'sound']) expect(errors).toMatch(new RegExp(`^${stage} on webgpu \\(SwiftShader .*\\): \\d+ nodes on webgpu`, 'm')); // prettier-ignore
      expect(code).toBe(0);
      const check = await project.features('check', ['--exp=music', `features.store=${store}`, 'features.faults=accept']);
      expect(check.output).toMatch(/^audio of silent is missing: .*\n1 problem in the features of 4 videos and 1 text\n$/);
    });
  });

  it('lists media that can hardly be right, in prepare and check, and training refuses them unless they are accepted', async () => {
    const whole = readFileSync(join(root, 'videos/00000001.mp4'));
    const words = ['--exp=music', `features.store=${join(project.folder, 'doubtful')}`];
    const opposite = ['-f', 'lavfi', '-i', `aevalsrc='0.5*sin(2000*t)|-0.5*sin(2000*t)':d=${seconds}`];
    const picture = ['-f', 'lavfi', '-i', `testsrc2=size=128x96:rate=10:duration=${seconds}`];
    try {
      execFileSync('ffmpeg', [
        '-y',
        '-loglevel',
        'error',
        ...picture,
        ...opposite,
        '-pix_fmt',
        'yuv420p',
        join(root, 'videos/00000001.mp4'),
      ]);
      const doubt = 'audio of 00000001 is doubtful: its channels cancel each other out';
      expect((await project.features('prepare', [...words, '--refresh'])).output).toContain(doubt);
      expect((await project.features('check', words)).output).toContain(doubt);
      expect((await project.refusal('train', words)).errors).toMatch(/audio is doubtful for 1 of .*: 00000001 \(its channels cancel/);
      const accepted = await project.train([...words, 'features.faults=accept', 'epochs=4']);
      expect([accepted.code, accepted.errors]).toEqual([0, expect.stringContaining('audio is doubtful for 1')]);
    } finally {
      writeFileSync(join(root, 'videos/00000001.mp4'), whole);
      forget();
      await project.features('prepare', ['--exp=music']);
    }
    expect(features()).toEqual(uninterrupted);
  });

  it('killed in the middle, goes on to the same bytes', async () => {
    forget();
    let killed = false;
    await project.features('prepare', ['--exp=music', 'features.workers=1'], {
      onError: (text, program) => {
        if (killed || !text.includes('media: 4 videos')) return;
        killed = true;
        program.kill('SIGKILL');
      },
    });
    expect(killed).toBe(true);
    await project.features('prepare', ['--exp=music']);
    expect(features()).toEqual(uninterrupted);
  });

  it('makes the same store by jobs of this machine', async () => {
    forget();
    const { code, errors } = await project.features('prepare', ['--exp=music', 'launcher=local', 'launcher.jobs=2']);
    expect(errors).toMatch(/media: 1 job on this machine.*\n(.*\n)*features: 3 jobs on this machine/);
    expect(code).toBe(1); // of the silent video
    expect(features()).toEqual(uninterrupted);
  });

  it('hands out the GPUs to its jobs, which CUDA obeys', async () => {
    forget();
    const seen = join(project.folder, 'seen-gpus');
    const preload = join(project.folder, 'note-gpu.cjs');
    writeFileSync(
      preload,
      `process.argv[2] === 'shard' && require('node:fs').appendFileSync(${JSON.stringify(seen)}, process.env.CUDA_VISIBLE_DEVICES + '\\n');`,
    );
    const words = ['--exp=music', 'launcher=local', 'launcher.jobs=2', 'launcher.gpus=[7,GPU-x]'];
    const { errors } = await project.features('prepare', words, {
      environment: { NODE_OPTIONS: [...fromSources, '--require', preload].join(' ') },
    });
    expect(errors).toContain('features: 3 jobs on this machine, 2 jobs at once, GPU 7, GPU-x');
    expect(readFileSync(seen, 'utf8').trim().split('\n').sort()).toEqual(expect.arrayContaining(['7', 'GPU-x']));
    expect(features()).toEqual(uninterrupted);
  });

  it('writes the jobs as lists that a shell can run', async () => {
    forget();
    const folder = join(project.folder, 'list of jobs');
    const { code, output } = await project.features('prepare', ['--exp=music', `--list=${folder}`]);
    expect([code, output]).toEqual([0, `${folder}/1-media.txt: 1 job\n${folder}/2-features.txt: 3 jobs\n`]);
    const environment = {
      ...process.env,
      NODE_OPTIONS: `--conditions=@tass/source --require ${join(__dirname, '../../../packages/testing/src/typescript.cjs')}`,
    };
    execFileSync('sh', [join(folder, '1-media.txt')], { env: environment });
    const preload = join(project.folder, 'stop.cjs');
    writeFileSync(preload, signalAtLock('video-0.lock'));
    const list = join(folder, 'shards.json');
    const { jobs } = JSON.parse(readFileSync(list, 'utf8')) as { jobs: { stage: string }[] };
    const words = ['shard', list, `${jobs.findIndex(({ stage }) => stage === 'frames')}`];
    const stopped = await runProgram(join(__dirname, 'feature-job.ts'), words, { folder, preload: [preload] });
    expect([stopped.code, stopped.signal, stopped.errors, Object.keys(features()).filter((name) => name.endsWith('.lock'))]).toEqual([
      130,
      null,
      expect.stringContaining('stopped'),
      [],
    ]);
    execFileSync('sh', [join(folder, '2-features.txt')], { env: environment });
    expect(features()).toEqual(uninterrupted);
  });

  it('chooses seconds by content before it encodes', async () => {
    const { output } = await project.features('prepare', ['--exp=music', 'features.sampling=content']);
    expect(output).toContain('tiny-clip-patches-value-words-prompt-content-2x2');
    const names = Object.keys(features());
    expect(names).toContain('seconds-content-2x2/second-00000.bin');
  });

  it('tells features of a frame that is another one now', async () => {
    const frame = join(root, 'frames/00000001/000003.jpg');
    const kept = readFileSync(frame);
    writeFileSync(frame, readFileSync(join(root, 'frames/00000001/000002.jpg')));
    const { output } = await project.features('check', ['--exp=music']);
    expect(output).toMatch(
      /frames of 00000001 are stale: the features were made from other frames\. Run: npx nx run features:prepare --refresh .*\n2 problems/,
    );
    const words = ['--exp=music', 'model.inputs.audio=false', 'loss.synchrony=0', 'loss.match=0', 'model.match=none'];
    expect((await project.train(words)).errors).toMatch(/features:check found 1 problem in .*, the first: frames of 00000001 are stale/);
    writeFileSync(frame, kept);
    expect((await project.features('check', ['--exp=music'])).output).not.toContain('stale');
    expect((await project.train(words)).errors).toContain('run folder');
  });

  it('reports a video that got a sound later until all of it is made again; its old frames never meet its new sound', async () => {
    const folder = join(project.folder, 'replaced');
    cpSync(root, folder, { recursive: true, filter: (name) => !/\/(frames|audio|features|media-faults)$/.test(name) });
    const words = ['--exp=music', `dataset.root=${folder}`];
    expect((await project.features('prepare', words)).code).toBe(1); // silent
    cpSync(join(folder, 'videos/00000001.mp4'), join(folder, 'videos/silent.mp4'));
    const changed = 'videos/silent.mp4 has changed since its frames were extracted. Extract them again: features:prepare --refresh';
    const again = await project.features('prepare', words);
    expect([again.code, again.output, again.errors]).toEqual([
      1,
      expect.stringMatching(/To make features of 1 video as they are now, run: npx nx run features:prepare --refresh .*replaced/),
      expect.stringContaining(`1 fault\nmedia: ${changed}\n`),
    ]);
    expect(existsSync(join(folder, 'audio/silent.wav'))).toBe(false);
    const check = await project.features('check', words);
    expect([check.code, check.output]).toEqual([1, expect.stringContaining(`${changed}\n2 problems in the features`)]);
    expect((await project.refusal('train', words)).errors).toContain('audio is missing for 1');
    const accepted = await project.train([...words, 'features.faults=accept', 'epochs=4']); // features of one version, whatever the video is now
    expect([accepted.code, accepted.errors]).toEqual([0, expect.not.stringContaining('features:check found')]);

    const list = await project.features('prepare', [...words, '--refresh', `--list=${join(folder, 'list')}`]);
    expect([list.code, list.errors]).toEqual([2, expect.stringContaining('--refresh and --list exclude each other')]);
    const refreshed = await project.features('prepare', [...words, '--refresh', 'launcher=local']);
    expect([refreshed.code, refreshed.output]).toEqual([0, expect.not.stringContaining('missing')]);
    expect(await project.features('check', words)).toMatchObject({
      code: 0,
      output: expect.stringContaining('complete, whole and finite'),
    });
  });

  it('fetches a CLIP and an AST that are named as on the hub, once; training fetches nothing', async () => {
    const asked: string[] = [];
    const hub = createServer(({ url = '' }, response) => {
      asked.push(url);
      const [name, file] = url.split('/resolve/main/');
      const folder = name === '/someone/ast' ? join(models, '../src/audio/fixtures/ast') : join(models, 'tiny-clip');
      response.end(readFileSync(join(folder, file)));
    });
    await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
    const environment = { HF_ENDPOINT: `http://127.0.0.1:${(hub.address() as AddressInfo).port}` };
    try {
      const store = join(project.folder, 'fetched');
      const named = ['features.clip=someone/tiny-clip', 'features.audio=someone/ast', 'features.audioWindow=around'];
      const words = ['--exp=music', ...named, `features.store=${store}`, 'features.faults=accept'];
      const early = await project.refusal('train', words, { environment });
      expect(early.errors).toMatch(/models\/someone\/tiny-clip: config\.json is not there.*features:prepare fetches/);
      expect([early.changed, asked]).toEqual([[], []]);

      const { code, errors } = await project.features('prepare', words, { environment });
      expect([code, errors]).toEqual([0, expect.stringContaining('models: someone/tiny-clip/onnx/vision_model.onnx: 3 MB in ')]);
      expect(asked).toHaveLength(9);
      const ofClip = (files: Record<string, string>) =>
        Object.entries(files).filter(([name]) => /^tiny-clip(?!.*(content|digests\.json))/.test(name)); // which of its files were checked is remembered only here
      expect(ofClip(filesIn(store))).toEqual(ofClip(features()));
      expect(Object.keys(filesIn(store))).toContain('ast-around-every-2x2/audio-00000.bin');
      await project.features('prepare', words, { environment });
      expect((await project.train([...words, 'epochs=4'], { environment })).errors).toContain('run folder');
      expect(asked).toHaveLength(9);
    } finally {
      hub.close();
    }
  });

  it('is content with frames and wavs that are there, and without videos', async () => {
    const ready = join(project.folder, 'ready');
    cpSync(root, ready, { recursive: true });
    for (const name of ['videos', 'features']) rmSync(join(ready, name), { recursive: true });
    const { errors } = await project.features('prepare', ['--exp=music', `dataset.root=${ready}`]);
    expect(errors).not.toContain('media:');
    const clip = (files: Record<string, string>) =>
      Object.entries(files).filter(([name]) => /^tiny-clip.*every(?!.*digests\.json)/.test(name)); // which files were checked is remembered where they were
    expect(clip(filesIn(join(ready, 'features')))).toEqual(clip(features()));
  });
});

withSlurm(`features by jobs of a real Slurm ${needsSlurm}`, () => {
  it('are those of this machine', async () => {
    if (!isWithFfmpeg) return;
    const slurm = new SpecSlurm();
    try {
      forget();
      const words = ['launcher=slurm', 'launcher.memory=1G', 'launcher.cpus=1', 'launcher.pollSeconds=0.2'];
      const { errors } = await project.features('prepare', ['--exp=music', ...words], { environment: slurm.environment });
      expect(errors).toMatch(/features: 3 jobs on Slurm/);
      const bySlurm = features();
      forget();
      await project.features('prepare', ['--exp=music']);
      expect(bySlurm).toEqual(features());
    } finally {
      slurm.stop();
    }
  });
});

const real = process.env.TASS_VIDEO;
(real && isWithFfmpeg ? it : it.skip)(
  `a real video with sound becomes features and batches${real ? '' : ' (skipped: TASS_VIDEO is not set)'}`,
  async () => {
    const folder = join(project.folder, 'real');
    mkdirSync(join(folder, 'videos'), { recursive: true });
    for (const id of videos) cpSync(real!, join(folder, 'videos', `${id}.mp4`));
    for (const split of ['train', 'val', 'test']) cpSync(join(root, `avqa-${split}.json`), join(folder, `avqa-${split}.json`));
    const words = ['--exp=music', `dataset.root=${folder}`, 'features.segments=5', 'features.segmentSeconds=1'];
    const prepared = await project.features('prepare', words);
    expect([prepared.code, prepared.errors]).toEqual([0, expect.stringContaining('4 extracted, 0 kept, 0 faults')]);
    const checked = await project.features('check', words);
    expect([checked.code, checked.output]).toEqual([0, 'the features of 4 videos and 1 text are complete, whole and finite\n']);
    const trained = await project.train([...words, 'epochs=4']);
    expect([trained.code, trained.errors]).toEqual([0, expect.stringContaining('run folder')]);
  },
);
