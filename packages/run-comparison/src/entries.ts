import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readConfig } from '@tass/config';
import { checkExperiment, methodIdentity, runFiles, type Experiment } from '@tass/experiment';
import type { RunRecord } from '@tass/tracking';
import { ComparisonError } from './comparison-error';

/** A run that can stand on a leaderboard, its answers not yet read. */
export interface Entry {
  readonly record: RunRecord;
  readonly experiment: Experiment;
  readonly predictions: string; // file
  readonly method: string; // runs of one method have the same
  readonly identity: object; // what decides the method's result
  readonly data: DataKey;
}

/** Which questions were trained on, chose the epoch and are scored: figures on one page share it. */
export interface DataKey {
  readonly id: string; // 12 hexadecimal digits
  readonly parts: Readonly<Record<string, string>>; // digests of the files, and what else decides which questions are which
}

/** Throws ComparisonError for a run that is not finished or has no predictions, ConfigError where its configuration is not understood. */
export function readEntry(record: RunRecord, split: 'val' | 'test'): Entry {
  const { folder, manifest, finished } = record;
  if (!finished) throw new ComparisonError(`${folder} is not finished. Go on with it: npx nx run trainer:train --resume=${manifest.id}`);
  const predictions = runFiles.predictions(folder, split);
  if (!existsSync(predictions)) {
    const option = split === 'test' ? '' : ` --split=${split}`;
    throw new ComparisonError(
      `${folder} has no ${split} predictions. Make them: npx nx run evaluator:evaluate --run=${manifest.id}${option}`,
    );
  }
  // The engine is no part of a method: a way of compiling that is no longer offered (xla) leaves its runs readable.
  const experiment = checkExperiment(readConfig(runFiles.config(folder), ['++engine.compile=graph']));
  const identity = { ...methodIdentity(experiment), encoders: manifest.features.store?.slice(0, 12) ?? null }; // told by their features
  const data = dataKey(record, experiment);
  return { record, experiment, predictions, method: shortDigest({ identity, data: data.parts }), identity, data };
}

function dataKey({ manifest: { datasets } }: RunRecord, { dataset }: Experiment): DataKey {
  const digests = Object.fromEntries(['train', 'val', 'test'].map((part) => [part, datasets[part] ?? 'unknown']));
  // Without a train file part of val is trained on, and which part decides what val is.
  const isParted = dataset.kind !== 'mini-avqa' && digests.train === digests.val;
  const parts = { ...digests, ...(isParted ? { holdOut: String(dataset.holdOut), holdOutSeed: String(dataset.holdOutSeed) } : {}) };
  return { id: shortDigest(parts), parts };
}

const shortDigest = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);

/** `train (sha256 0123456789ab, here ba9876543210)`: what differs between two data keys. */
export function describeDifference(given: DataKey, here: DataKey): string {
  const names = [...new Set([...Object.keys(here.parts), ...Object.keys(given.parts)])];
  const differing = names.filter((name) => given.parts[name] !== here.parts[name]);
  const show = (value: string | undefined): string => value?.slice(0, 12) ?? 'none';
  return differing.map((name) => `${name} (${show(given.parts[name])}, here ${show(here.parts[name])})`).join(', ');
}
