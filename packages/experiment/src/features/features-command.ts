import { overrideWord } from '@tass/config';
import { shellWord } from '@tass/program';
import { loadExperiment } from '../load-experiment';
import { neededFeatures } from '../networks';
import type { Experiment } from '../schema';
import type { WantedFeatures } from './wanted-features';

/** The experiment of a command without --exp. */
const usualExperiment = 'tass';

/** Keys that do not affect which features are made. */
const without = [
  'dataset.root',
  'dataset.holdOut',
  'dataset.holdOutSeed',
  'features.faults',
  'features.shortVideos',
  'features.workers',
  'features.device',
];

/**
 * The full command that makes, checks or imports an experiment's features. It can be typed as printed. After `more`, it has the settings in
 * which the experiment differs from `tass`.
 */
export function featuresCommand(
  verb: 'prepare' | 'check' | 'import',
  { experiment, settings, plan }: WantedFeatures,
  ...more: readonly string[]
): string {
  const { kind } = experiment.dataset;
  const group = kind === 'music-avqa' ? [] : [`dataset=${kind}`]; // of the same name
  const usual = leavesOf(readParts(loadExperiment(settings, usualExperiment, group)));
  const own = [...leavesOf(readParts(experiment))].filter(([key, value]) => !without.includes(key) && usual.get(key) !== value);
  const words = [...more, ...group, overrideWord('dataset.root', plan.datasetRoot), ...own.map(([key, value]) => overrideWord(key, value))];
  return ['npx nx run', `features:${verb}`, ...words.map(shellWord)].join(' ');
}

/** The parts of an experiment that decide what is read. */
function readParts(experiment: Experiment): object {
  const { dataset, features } = experiment;
  const { audio, video, text } = neededFeatures(experiment);
  return { dataset, features, model: { inputs: { audio, video }, question: { encoder: text ? 'clip' : 'learned' } } }; // in TASS's settings, for every network
}

/** `a.b` -> value, of every value that is no map. */
function leavesOf(value: object, above = ''): Map<string, unknown> {
  return new Map(
    Object.entries(value).flatMap(([key, child]): [string, unknown][] => {
      const path = above === '' ? key : `${above}.${key}`;
      return child !== null && typeof child === 'object' ? [...leavesOf(child as object, path)] : [[path, child]];
    }),
  );
}
