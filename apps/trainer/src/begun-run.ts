import { checkExperiment, type Experiment, type OpenEngine } from '@tass/experiment';
import { readRunConfig, type RunRecord } from '@tass/tracking';
import { notChecked } from '@tass/files';
import { say } from '@tass/progress';
import { codeOf } from './other-code';
import type { Prepared } from './training-run';

/**
 * The experiment of an existing run, with its engine: another engine would not give the same bits. Throws RunError if the run's
 * configuration has changed.
 */
export function experimentOf(run: RunRecord): Experiment {
  const experiment = checkExperiment(readRunConfig(run));
  const { backend, threads, compile, device } = run.manifest.engine as unknown as OpenEngine;
  return { ...experiment, engine: { backend, threads, compile, device: kindOf(device) } };
}

/** Of a device with its name, as in a manifest. */
const kindOf = (device: string): 'cpu' | 'gpu' | 'webgpu' => (/^(gpu|webgpu):/.exec(device)?.[1] as 'gpu' | 'webgpu') ?? 'cpu';

/** Prints what is unknown about a run that is resumed, and that another GPU gives it other bits. */
export function noteUnknown({ folder, isChecked, manifest }: RunRecord, { engine: { device }, trainingCode }: Prepared): void {
  const begunOn = (manifest.engine as unknown as OpenEngine).device;
  if (begunOn !== device && kindOf(device) !== 'cpu') say(`the run was begun on ${begunOn}; on ${device} it gives other bits`);
  if (!isChecked) say(`${folder}: ${notChecked}`);
  const code = codeOf(manifest, trainingCode);
  if (code !== 'same')
    say(`the code ${code === 'other' ? 'differs' : 'may differ'} from the code that started the run: see code in its manifest.json`);
}
