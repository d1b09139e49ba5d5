import { parseArgs } from 'node:util';
import { makeWorld } from './make-world';
import { splits } from './plan-world';

const usage = 'Usage: mini-avqa:make --root=<folder> --seed=<number> --videos=<train>,<val>,<test> [--workers=2]';

function wholeNumber(name: string, text: string | undefined): number {
  if (!text || !/^\d+$/.test(text)) throw new Error(`mini-avqa: --${name}=${text ?? ''} is not a whole number. ${usage}`);
  return Number(text);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      root: { type: 'string' },
      seed: { type: 'string' },
      videos: { type: 'string' },
      workers: { type: 'string', default: '2' },
    },
  });
  if (!values.root) throw new Error(`mini-avqa: --root is missing. ${usage}`);
  const counts = values.videos?.split(',') ?? [];
  if (counts.length !== splits.length) throw new Error(`mini-avqa: --videos=${values.videos ?? ''} is not three numbers. ${usage}`);
  const [train, val, test] = counts.map((count) => wholeNumber('videos', count));
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort(new Error('mini-avqa: stopped. Run the same command again to go on')));

  const started = performance.now();
  const { manifest, drawn, kept } = await makeWorld({
    root: values.root,
    seed: wholeNumber('seed', values.seed),
    videos: { train, val, test },
    workers: wholeNumber('workers', values.workers),
    signal: stop.signal,
    onProgress: ({ done, total }) => {
      if (done % 50 === 0 || done === total) console.log(`${done} of ${total} videos`);
    },
  });
  const took = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${values.root}: ${drawn} videos drawn, ${kept} kept, in ${took} s; digest ${manifest.digest.slice(0, 12)}`);
  for (const split of splits) console.log(`${split}: ${manifest.settings.videos[split]} videos, ${manifest.questions[split]} questions`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
