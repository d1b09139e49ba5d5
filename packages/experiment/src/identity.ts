import { createHash } from 'node:crypto';
import type { TassSettings } from '@tass/tass';
import type { Experiment } from './schema';

/**
 * Everything in an experiment that decides its result, except the data, which have digests: no title, no folders, no numbers of workers and
 * threads. Experiments with equal identity and data are the same, under any name and on any machine.
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
      optimizer: optimizerIdentity(optimizer),
    },
    dataset: datasetIdentity(experiment.dataset),
    ...(initialize === null ? {} : { initialize }), // runs from before this key began with parameters of their own
    features: experiment.features === null ? null : featuresIdentity(experiment.features),
  };
}

/** `experimentIdentity` without seed and engine. Runs with equal values are repetitions of one method, over which a mean may be taken. */
export function methodIdentity(experiment: Experiment): object {
  const { seed: _, engine: __, ...method } = experimentIdentity(experiment) as Record<string, unknown>;
  return method;
}

/**
 * A digest of everything in a configuration that decides a run's result, except the engine, which the manifest has. Checkpoints and
 * manifest store it, so that parts of different runs cannot be mixed.
 */
export function configurationDigest(experiment: Experiment): string {
  const decisive = { seed: experiment.seed, ...methodIdentity(experiment) };
  return createHash('sha256').update(JSON.stringify(decisive, sortedKeys)).digest('hex');
}

const sortedKeys = (_: string, value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** The input of a cell's address: an experiment and the digests of its data. */
export const cellIdentity = (experiment: Experiment, digests: Readonly<Record<string, string>>): object => ({
  experiment: experimentIdentity(experiment),
  data: digests,
});

/** Runs from before weight decay had none. */
function optimizerIdentity({ weightDecay, ...others }: Experiment['optimizer']): object {
  return weightDecay ? { ...others, weightDecay } : others;
}

/** Runs from before other networks and summaries existed have the identity of TASS with plain means. */
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

/** The digest of the features covers the encoders and stores of imported features. */
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
