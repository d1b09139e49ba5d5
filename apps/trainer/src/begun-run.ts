import { checkExperiment, type Experiment, type OpenEngine } from '@tass/experiment';
import { codeFolder, codeRevision, readRunConfig, type RunRecord } from '@tass/tracking';
import { notChecked } from '@tass/files';
import { say } from '@tass/progress';

/**
 * What a run was begun with, on the engine that it was begun on: another one would not give the same bits. Throws RunError where the run's
 * configuration was changed since.
 */
export function experimentOf(run: RunRecord): Experiment {
  const experiment = checkExperiment(readRunConfig(run));
  const { backend, threads, compile, device } = run.manifest.engine as unknown as OpenEngine;
  return { ...experiment, engine: { backend, threads, compile, device: device.startsWith('gpu') ? 'gpu' : 'cpu' } };
}

/** Says what is not known of a run that goes on. */
export function noteUnknown({ folder, isChecked, manifest: { code } }: RunRecord): void {
  if (!isChecked) say(`${folder}: ${notChecked}`);
  const { code: now } = codeRevision(codeFolder);
  if (code?.commit !== now?.commit || code?.dirty || now?.dirty)
    say('the code may be another one than the run was begun with: see code in its manifest.json');
}
