import { readConfig } from '@tass/config';
import { checkExperiment, runFiles, type Experiment, type OpenEngine } from '@tass/experiment';
import { codeFolder, codeRevision, type RunRecord } from '@tass/tracking';
import { say } from '@tass/progress';

/** What a run was begun with, on the engine that it was begun on: another one would not give the same bits. */
export function experimentOf({ folder, manifest }: RunRecord): Experiment {
  const experiment = checkExperiment(readConfig(runFiles.config(folder)));
  const { backend, threads, compile, device } = manifest.engine as unknown as OpenEngine;
  return { ...experiment, engine: { backend, threads, compile, device: device.startsWith('gpu') ? 'gpu' : 'cpu' } };
}

export function noteOtherCode({ manifest: { code } }: RunRecord): void {
  const { code: now } = codeRevision(codeFolder);
  if (code?.commit !== now?.commit || code?.dirty || now?.dirty)
    say('the code may be another one than the run was begun with: see code in its manifest.json');
}
