import { cpSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MiniatureProject, resultsOf } from '@tass/testing';

const project = new MiniatureProject();
const stores = join(project.world, 'features');
const clip = join(stores, 'tiny-clip-patches-value-words-prompt-every-10x1');
const prepare = 'npx nx run features:prepare';
afterAll(() => project.remove());

beforeAll(async () => {
  await project.trained(['--exp=miniature', 'epochs=1']); // makes the features
  // The same world as a user's own copy of a dataset: its features are checked, never made.
  const ownCopy = readFileSync(join(project.experiments, 'miniature.yaml'), 'utf8')
    .replace('[/quickstart,', '[/quickstart, { override /dataset: music-avqa },')
    .replace(/^dataset:.*$/m, `dataset: { root: ${project.world} }`);
  writeFileSync(join(project.experiments, 'own-copy.yaml'), ownCopy);
  await project.trained(['--exp=own-copy', 'epochs=1']);
});

async function refusal(...words: string[]): Promise<string> {
  const { errors, ...rest } = await project.refusal('train', words);
  expect(rest).toEqual({ code: 1, output: '', showsStack: false, changed: [] });
  return errors;
}

/** Does something to a file or folder, and takes it back afterwards. */
async function whileChanged(path: string, change: () => void, work: () => Promise<void>): Promise<void> {
  const kept = join(project.folder, 'kept');
  cpSync(path, kept, { recursive: true });
  try {
    change();
    await work();
  } finally {
    rmSync(path, { recursive: true, force: true });
    renameSync(kept, path);
  }
}

it('no features at all: the store that is not there, and the command that makes it, which works as printed', () =>
  whileChanged(
    clip,
    () => rmSync(clip, { recursive: true }),
    async () => {
      const errors = await refusal('--exp=own-copy');
      expect(errors).toContain(
        `trainer: there is no feature store at ${clip} (no manifest.json). Run: ${prepare} dataset.root=${project.world} `,
      );
      const [, words] = /npx nx run features:prepare (.*)\n$/.exec(errors)!;
      expect((await project.features('prepare', words.split(' '))).code).toBe(0);
      await project.trained(['--exp=own-copy', 'epochs=1']);
    },
  ));

it('a video without features: how many, and which', async () => {
  const file = join(project.world, 'json/avqa-test.json');
  const addVideo = (): void => {
    const rows = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify([...rows, { ...rows[0], question_id: 99999, video_id: 'new' }]));
  };
  await whileChanged(file, addVideo, async () =>
    expect(await refusal('--exp=own-copy')).toContain(
      `trainer: frame, patch, audio are missing for 1 of the dataset's videos, the first: new, in the feature store ${stores}. ` +
        `features.faults=accept reads missing features as zeros and doubtful ones as they are; dataset.questions=present leaves out videos that are not here. To make the missing ones, run: ${prepare} dataset.root=${project.world} `,
    ),
  );
});

it('a cut file: its size and the expected one', () => {
  const file = join(clip, 'patch-00000.bin');
  const size = readFileSync(file).length;
  return whileChanged(
    file,
    () => truncateSync(file, size - 2),
    async () =>
      expect(await refusal('--exp=own-copy')).toContain(
        `trainer: ${file} has ${size - 2} bytes, expected ${size} (8 records). Run: ${prepare} dataset.root=${project.world} `,
      ),
  );
});

describe('features of something else', () => {
  it.each([
    ['own-copy', `Choose the store that fits. Run: ${prepare}`],
    ['miniature', 'Remove the folder, or choose another one for these features'],
  ])('another encoder of the same name (%s)', async (experiment, advice) => {
    const other = join(project.folder, 'other/tiny-clip');
    cpSync(resolve(__dirname, '../../../packages/encoders/models/tiny-clip'), other, { recursive: true });
    const config = join(other, 'tokenizer_config.json');
    writeFileSync(config, `${readFileSync(config, 'utf8')}\n`);
    expect(await refusal(`--exp=${experiment}`, `features.clip=${other}`)).toMatch(
      new RegExp(
        `trainer: the feature store ${clip} holds features of tiny-clip with model digest "\\w{64}", asked for is "\\w{64}"\\. ${advice}`,
      ),
    );
  });

  it('another read-out has a store of its own', async () => {
    expect(await refusal('--exp=own-copy', 'features.patches=final')).toContain(
      `there is no feature store at ${clip.replace('value', 'final')} `,
    );
  });

  it('another dataset', async () => {
    const root = join(project.folder, 'elsewhere');
    cpSync(join(project.world, 'json'), join(root, 'json'), { recursive: true });
    expect(await refusal('--exp=own-copy', `dataset.root=${root}`, `features.store=${stores}`)).toContain(
      `trainer: the feature store ${clip} was made from dataset "mini-avqa", asked for is "media". Choose the store that fits. Run: ${prepare} dataset.root=${root} `,
    );
  });

  it('a world of another seed', async () => {
    const words = ['--exp=miniature', 'dataset.seed=12', `dataset.root=${join(project.folder, 'world-12')}`, `features.store=${stores}`];
    const first = await project.refusal('train', words);
    expect(first).toMatchObject({
      code: 1,
      errors: expect.stringContaining(`${clip} was made from mini-avqa with seed 11, asked for is 12.`),
    });
    expect(first.changed.every((path) => path.startsWith('world-12'))).toBe(true); // a whole world, which the next run finds
    expect(await refusal(...words)).not.toContain('videos drawn');
  });

  it('the folder of a world of another seed', async () => {
    expect(await refusal('--exp=miniature', 'dataset.seed=12')).toContain(
      `trainer: ${project.world}/world.json is of another world: it has seed 11, asked for 12. Choose another folder (dataset.root) or delete this one\n`,
    );
  });
});

describe('a model that is not whole', () => {
  it.each([
    ['--exp=miniature', 'onnx/vision_model.onnx', 'clip', 'tiny-clip'],
    ['--exp=miniature', 'onnx/model.onnx', 'audio', 'tiny-audio'],
  ])('%s without %s', async (experiment, file, encoder, name) => {
    const folder = join(project.folder, 'incomplete', name);
    cpSync(resolve(__dirname, '../../../packages/encoders/models', name), folder, { recursive: true });
    rmSync(join(folder, file));
    expect(await refusal(experiment, `features.${encoder}=${folder}`)).toContain(
      `trainer: model ${folder}: ${file} is not there. Expected a folder in the layout of the model hub, `,
    );
  });
});

it('a value that is not finite stops training at its batch; with the file made again the run goes on to the bytes of any other', async () => {
  const file = join(clip, 'patch-00000.bin');
  const spoil = (): void => {
    const bytes = readFileSync(file);
    bytes.writeUInt16LE(0x7e00, 2 * 17); // not a number, in the first video
    writeFileSync(file, bytes);
  };
  await whileChanged(file, spoil, async () => {
    const { code, errors, changed, showsStack } = await project.refusal('train', ['--exp=miniature']);
    expect([code, showsStack]).toEqual([1, false]);
    expect(errors).toMatch(
      new RegExp(
        `trainer: patch of video \\d{8} in ${file} is not finite at value 17\\. Delete that file\\. Run: ${prepare} dataset=mini-avqa dataset.root=${project.world} .*\\n$`,
      ),
    );
    const [run] = project.runsOf();
    const left = ['', '/checkpoints', '/config.yaml', '/ended.json', '/manifest.json', '/metrics.jsonl'].map((name) => `${run}${name}`);
    expect(changed.map((path) => join(project.folder, path)).sort()).toEqual(left);

    rmSync(file);
    expect(await project.trained(['--exp=miniature', '--resume'])).toBe(run);
    expect(resultsOf(run)).toEqual(resultsOf(await project.trained(['--exp=miniature'])));
  });
});
