import { type Progress, showProgress } from '@tass/progress';
import { readOptions, runProgram, UsageError } from '@tass/program';
import { makeWorld } from './make-world';
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
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort(new Error('stopped. Run the same command again to resume')));

  let progress: Progress | undefined;
  const { manifest, drawn, kept } = await makeWorld({
    root: options.root,
    seed: wholeNumber('seed', options.seed),
    videos: { train, val, test },
    workers: wholeNumber('workers', options.workers ?? '2'),
    signal: stop.signal,
    onProgress: ({ done, total }) => {
      progress ??= showProgress({ label: 'world', unit: 'videos', total, done });
      progress.update(done);
    },
  });
  progress?.finish(`${drawn} drawn, ${kept} kept`);
  console.log(`${options.root}: digest ${manifest.digest.slice(0, 12)}`);
  for (const split of splits) console.log(`${split}: ${manifest.settings.videos[split]} videos, ${manifest.questions[split]} questions`);
  return 0;
}

void runProgram('mini-avqa', { make: { usage: () => usage, run: make } });
