import { createHash } from 'node:crypto';
import type { TassSettings } from '@tass/tass';
import type { Experiment } from './schema';

/**
 * What of an experiment decides its result, apart from the data itself, which its digests tell: no title, no folders, no numbers of workers
 * and threads. Experiments that are equal in this and in their data are one and the same, whatever they are called and wherever they run.
 */
export function experimentIdentity(experiment: Experiment): object {
  const { seed, epochs, batch, engine, loss, optimizer, initialize } = experiment;
  return {
    ...{
      seed,
      epochs,
      batch,
      engine: { backend: engine.backend, compile: engine.compile },
      model: modelIdentity(experiment.model),
      loss,
      optimizer,
    },
    dataset: datasetIdentity(experiment.dataset),
    ...(initialize === null ? {} : { initialize }), // runs from before this key began with parameters of their own
    features: experiment.features === null ? null : featuresIdentity(experiment.features),
  };
}

/** As `experimentIdentity`, without seed and engine: runs that agree in it are repetitions of one method, whose mean may be taken. */
export function methodIdentity(experiment: Experiment): object {
  const { seed: _, engine: __, ...method } = experimentIdentity(experiment) as Record<string, unknown>;
  return method;
}

/**
 * A digest of what of a configuration decides a run's result, without the engine, which its manifest tells. Checkpoints and manifest hold it:
 * parts of different runs are not taken for one.
 */
export function configurationDigest(experiment: Experiment): string {
  const decisive = { seed: experiment.seed, ...methodIdentity(experiment) };
  return createHash('sha256').update(JSON.stringify(decisive, sortedKeys)).digest('hex');
}

const sortedKeys = (_: string, value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** What the address of a sweep's cell is made of: an experiment and the digests of its data. */
export const cellIdentity = (experiment: Experiment, digests: Readonly<Record<string, string>>): object => ({
  experiment: experimentIdentity(experiment),
  data: digests,
});

/** Runs from before there were other networks and another summary have the same identity as TASS with plain means. */
function modelIdentity({ network, ...settings }: Experiment['model']): object {
  if (network !== 'tass') return { network, ...settings };
  const { summary, ...others } = settings as TassSettings;
  return summary === 'means' ? others : settings;
}

function datasetIdentity(dataset: Experiment['dataset']): object {
  if (dataset.kind === 'mini-avqa') return { kind: dataset.kind, seed: dataset.seed, videos: dataset.videos };
  const { kind, holdOut, holdOutSeed, questions } = dataset;
  return {
    kind,
    ...(kind === 'music-avqa-v2' ? { version: dataset.version } : {}),
    holdOut,
    holdOutSeed,
    ...(questions === 'all' ? {} : { questions }),
  };
}

/** The encoders themselves, and stores of imported features, are told by the digest of the features. */
const featuresIdentity = ({
  dtype,
  patches,
  words,
  sampling,
  segments,
  segmentSeconds,
  faults,
  shortVideos,
  audioWindow,
  importedVisual,
  importedAudio,
}: NonNullable<Experiment['features']>): object => ({
  ...{ dtype, patches, words, sampling, segments, segmentSeconds, faults },
  ...(shortVideos === 'repeat' ? {} : { shortVideos }), // runs from before a key have the same identity as its default
  ...(audioWindow === 'segment' ? {} : { audioWindow }),
  imported: { visual: importedVisual !== null, audio: importedAudio !== null },
});
