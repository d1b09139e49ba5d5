import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findAnnotations, readSplit } from '@tass/dataset-music-avqa';
import { defaultSampling, type FeaturePlan, planStores } from './prepare/plan-stores';
import { prepareFeatures, type PrepareProgress } from './prepare/prepare-features';
import { checkStore } from '@tass/feature-store';

const models = join(__dirname, '..', 'models');

const options = {
  dataset: { type: 'string' },
  store: { type: 'string' },
  clip: { type: 'string', default: join(models, 'tiny-clip') },
  audio: { type: 'string', default: join(models, 'tiny-audio') },
  patches: { type: 'string', default: 'value' },
  words: { type: 'string', default: 'prompt' },
  'segment-seconds': { type: 'string', default: '1' },
  workers: { type: 'string', default: '2' },
} as const;

const usage =
  'Usage: npx nx run encoders:<prepare|check> --dataset=<folder with json/, frames/ and audio/> [--store=<dataset>/features] [--clip=<model folder>] ' +
  '[--audio=<model folder>] [--patches=value|final] [--words=prompt|token] [--segment-seconds=1] [--workers=2]';

/**
 * `prepare`: encodes every video and question of a dataset into its feature store. `check`: reads the store and lists all that
 * is missing, cut off, changed or not finite; throws if anything is.
 */
export async function runCommand(words: readonly string[], print: (line: string) => void, signal?: AbortSignal): Promise<void> {
  const [command, ...rest] = words;
  if (words.includes('--help') || words.includes('help')) return print(usage);
  if (command !== 'prepare' && command !== 'check')
    throw new Error(`encoders: the command is ${command ?? 'missing'}, expected prepare or check. ${usage}`);
  const { plan, workers } = parse(rest);
  const { videos, texts } = readKeys(plan.datasetRoot);
  if (command === 'check') return check(plan, videos, texts, print);

  const started = performance.now();
  const { stores, encoded, kept } = await prepareFeatures({ ...plan, videos, texts, workers, signal, onProgress: lines(print) });
  print(`${encoded} records encoded, ${kept} kept, in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  for (const { folder } of stores) print(folder);
}

function parse(words: readonly string[]): { plan: FeaturePlan; workers: number } {
  let values;
  try {
    ({ values } = parseArgs({ args: [...words], options }));
  } catch (cause) {
    throw new Error(`encoders: ${(cause as Error).message}. ${usage}`, { cause });
  }
  const oneOf = <Choice extends string>(name: 'patches' | 'words', choices: readonly Choice[]): Choice => {
    const choice = choices.find((each) => each === values[name]);
    if (choice) return choice;
    throw new Error(`encoders: --${name}=${values[name]} is not one of ${choices.join(', ')}. ${usage}`);
  };
  const datasetRoot = values.dataset ?? process.env.TASS_DATA;
  if (!datasetRoot) throw new Error(`encoders: --dataset is missing and TASS_DATA is not set. ${usage}`);
  const whole = (name: 'workers' | 'segment-seconds', least: number): number => {
    if (/^\d+$/.test(values[name]) && Number(values[name]) >= least) return Number(values[name]);
    throw new Error(`encoders: --${name}=${values[name]} is not a whole number of at least ${least}. ${usage}`);
  };
  const clip = { folder: values.clip, patches: oneOf('patches', ['value', 'final']), words: oneOf('words', ['prompt', 'token']) };
  const storeRoot = values.store ?? join(datasetRoot, 'features');
  const plan = { datasetRoot, storeRoot, clip, audio: { folder: values.audio }, sampling: { ...defaultSampling, segmentSeconds: whole('segment-seconds', 1) } };
  return { plan, workers: whole('workers', 0) };
}

/** The videos and question texts of all splits that are there. */
function readKeys(root: string): { videos: string[]; texts: string[] } {
  if (!existsSync(root)) throw new Error(`encoders: there is no dataset folder ${root}. ${usage}`);
  const splits = (['train', 'val', 'test'] as const).filter((split) => findAnnotations(root, split) !== undefined);
  const questions = (splits.length > 0 ? splits : (['train'] as const)).flatMap((split) => readSplit(root, split).questions);
  return { videos: [...new Set(questions.map(({ videoId }) => videoId))], texts: [...new Set(questions.map(({ text }) => text))] };
}

function check(plan: FeaturePlan, video: readonly string[], text: readonly string[], print: (line: string) => void): void {
  const problems = planStores(plan).flatMap(({ folder, expected }) => checkStore(folder, { video, text }, expected));
  for (const { message } of problems) print(message);
  const asked = `${video.length} videos and ${text.length} texts`;
  if (problems.length > 0)
    throw new Error(`encoders: ${problems.length} problems in the features of ${asked}. Run: npx nx run encoders:prepare`);
  print(`the features of ${asked} are complete, whole and finite`);
}

/** A line when a stage is done, and every ten seconds. */
function lines(print: (line: string) => void): (progress: PrepareProgress) => void {
  let last = performance.now();
  return ({ stage, done, total }) => {
    if (done < total && performance.now() - last < 10_000) return;
    last = performance.now();
    print(`${stage}: ${done} of ${total}`);
  };
}
