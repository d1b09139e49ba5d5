import type { Experiment } from './schema';

/**
 * What of an experiment decides its result, apart from the data itself, which its digests tell: no title, no folders, no numbers of workers
 * and threads. Experiments that are equal in this and in their data are one and the same, whatever they are called and wherever they run.
 */
export function experimentIdentity(experiment: Experiment): object {
  const { seed, epochs, batch, engine, model, loss, optimizer } = experiment;
  return {
    ...{ seed, epochs, batch, engine: { backend: engine.backend, compile: engine.compile }, model, loss, optimizer },
    dataset: datasetIdentity(experiment.dataset),
    features: experiment.features === null ? null : featuresIdentity(experiment.features),
  };
}

/** As `experimentIdentity`, without seed and engine: runs that agree in it are repetitions of one method, whose mean may be taken. */
export function methodIdentity(experiment: Experiment): object {
  const { seed: _, engine: __, ...method } = experimentIdentity(experiment) as Record<string, unknown>;
  return method;
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
