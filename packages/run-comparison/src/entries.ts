import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cellIdentity, checkExperiment, configurationDigest, digestsOf, methodIdentity, runFiles, type Experiment } from '@tass/experiment';
import { shellWord } from '@tass/program';
import { cellAddress } from '@tass/sweep';
import { dataKey, readReport, readRunConfig, resumeCommand, RunError, type DataKey, type RunRecord, type RunReport } from '@tass/tracking';
import { ComparisonError } from './comparison-error';

/** A run that fits on a leaderboard, before reading its answers. */
export interface Entry {
  readonly record: RunRecord;
  readonly experiment: Experiment;
  readonly report: RunReport;
  readonly predictions: string; // file
  readonly method: string; // the same for all runs of a method
  readonly identity: object; // everything that decides the method's result
  readonly data: DataKey;
}

/**
 * Throws ComparisonError for a run that is unfinished or has no predictions, ConfigError if its configuration is invalid, RunError if its
 * parts do not match.
 */
export function readEntry(record: RunRecord, split: 'val' | 'test'): Entry {
  const { folder, manifest, finished } = record;
  if (!finished) throw new ComparisonError(`${folder} is not finished. Resume it: ${resumeCommand(manifest)}`);
  const predictions = runFiles.predictions(folder, split);
  if (!existsSync(predictions)) {
    const option = split === 'test' ? '' : ` --split=${split}`;
    throw new ComparisonError(
      `${folder} has no ${split} predictions. Make them: npx nx run evaluator:evaluate ${shellWord(`--run=${manifest.id}`)}${option}`,
    );
  }
  // The engine is not part of a method, so runs with a removed way of compiling (xla) stay readable.
  const experiment = checkExperiment(readRunConfig(record, ['++engine.compile=graph']));
  refuseOtherParts(record, experiment);
  const identity = { ...methodIdentity(experiment), model: experiment.model, encoders: manifest.features.store?.slice(0, 12) ?? null }; // identified by their features
  const data = dataKey(manifest, experiment.dataset);
  return {
    record,
    experiment,
    report: readReport(folder),
    predictions,
    method: shortDigest({ identity, data: data.parts }),
    identity,
    data,
  };
}

/** Throws if the configuration does not match the manifest and the cell's address. Runs from before digests are not checked. */
function refuseOtherParts({ folder, manifest }: RunRecord, experiment: Experiment): void {
  const { config, cell } = manifest;
  if (config?.identity === undefined) return;
  const problem = (what: string): RunError => new RunError(`${folder}/config.yaml is not the configuration of ${what}. Train a new run`);
  if (configurationDigest(experiment) !== config.identity) throw problem('its manifest');
  if (cell === undefined) return;
  const own = checkExperiment(readRunConfig({ folder, manifest })); // with its own engine
  if (cellAddress(cellIdentity(own, digestsOf(manifest))) !== cell) throw problem(`its cell ${cell}`);
}

const shortDigest = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);

/** `train (sha256 0123456789ab, here ba9876543210)`: the difference between two data keys. */
export function describeDifference(given: DataKey, here: DataKey): string {
  const names = [...new Set([...Object.keys(here.parts), ...Object.keys(given.parts)])];
  const differing = names.filter((name) => given.parts[name] !== here.parts[name]);
  const show = (value: string | undefined): string => value?.slice(0, 12) ?? 'none';
  return differing.map((name) => `${name} (${show(given.parts[name])}, here ${show(here.parts[name])})`).join(', ');
}
