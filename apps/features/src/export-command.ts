import type { ProjectSettings } from '@tass/config';
import { loadExperiment, readWanted, storeParts } from '@tass/experiment';
import { exportNpy, openFeatureStore } from '@tass/feature-store';
import { counted, UsageError } from '@tass/program';
import { parseFeatures } from './command-line';

const known = { to: 'path', field: 'value', type: 'value' } as const;

/** Writes features of videos as .npy files, one a video, for programs in Python. */
export async function exportCommand(words: readonly string[], settings: ProjectSettings): Promise<number> {
  const command = parseFeatures(words, known);
  const { to, field, type = 'float32' } = command.options;
  if (to === undefined || field === undefined)
    throw new UsageError('export needs --field=NAME --to=FOLDER. npx tass export --help says more');
  if (type !== 'float32' && type !== 'float16') throw new UsageError(`--type is ${type}, expected float32 or float16`);
  const wanted = readWanted(loadExperiment(settings, command.experiment, command.overrides), settings);
  if (!wanted) throw new UsageError(`${command.experiment} reads no features. Name an experiment that does: --exp=NAME`);
  const store = openFeatureStore(storeParts(wanted));
  const videos = wanted.videos.filter((video) => store.missing(field === 'class-and-patches' ? 'patch' : field, [video]).length === 0);
  await exportNpy(store, field, videos, to, type);
  await store.verified(); // as the shards are by now
  store.close();
  console.log(
    `${to}: ${counted(videos.length, 'file')} of ${field}, ${counted(wanted.videos.length - videos.length, 'video')} without features`,
  );
  return videos.length === wanted.videos.length ? 0 : 1;
}
