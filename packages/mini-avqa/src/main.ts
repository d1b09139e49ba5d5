import { type Progress, showProgress } from '@tass/progress';
import { counted, readOptions, runProgram, untilStopped, UsageError } from '@tass/program';
import { makeWorld, mendTruth, type MakeWorldOptions, type WorldProgress } from './make-world';
import { splits } from './plan-world';

const usage = 'Usage: npx nx run mini-avqa:make --root=FOLDER --seed=NUMBER --videos=TRAIN,VAL,TEST [--workers=2]';

function wholeNumber(name: string, text = ''): number {
  if (!/^\d+$/.test(text)) throw new UsageError(`--${name}=${text} is not a whole number. ${usage}`);
  return Number(text);
}

async function make(words: readonly string[]): Promise<number> {
  const { options, rest } = readOptions(words, { root: 'path', seed: 'value', videos: 'value', workers: 'value' });
  if (rest.length > 0) throw new UsageError(`${rest[0]} is not an option. ${usage}`);
  if (options.root === undefined) throw new UsageError(`--root is missing. ${usage}`);
  const counts = options.videos?.split(',') ?? [];
  if (counts.length !== splits.length) throw new UsageError(`--videos=${options.videos ?? ''} is not three numbers. ${usage}`);
  const [train, val, test] = counts.map((count) => wholeNumber('videos', count));
  const world = {
    root: options.root,
    seed: wholeNumber('seed', options.seed),
    videos: { train, val, test },
    workers: wholeNumber('workers', options.workers ?? '2'),
  };
  return untilStopped((signal) => makeAndTell({ ...world, signal }));
}

async function makeAndTell(world: MakeWorldOptions): Promise<number> {
  let progress: Progress | undefined;
  const onProgress = ({ done, total }: WorldProgress): void => {
    progress ??= showProgress({ label: 'world', unit: 'videos', total, done });
    progress.update(done);
  };
  const { manifest, drawn, kept } = await makeWorld({ ...world, onProgress });
  progress?.finish(`${drawn} drawn, ${kept} kept`);
  for (const file of await mendTruth(world.root)) console.log(`${file}: written, as it was missing or damaged`);
  console.log(`${world.root}: digest ${manifest.digest.slice(0, 12)}`);
  for (const split of splits)
    console.log(`${split}: ${counted(manifest.settings.videos[split], 'video')}, ${counted(manifest.questions[split], 'question')}`);
  return 0;
}

void runProgram('mini-avqa', { make: { usage: () => usage, run: make } });
