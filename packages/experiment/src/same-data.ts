import { RunError, type RunRecord } from '@tass/tracking';
import { dataDigests, type ExperimentData } from './data';

/**
 * A score, or a run that goes on, is only worth something on the questions and features that the run was begun with.
 * Throws RunError naming each part that is another one now.
 */
export function refuseOtherData({ folder, manifest }: RunRecord, data: Pick<ExperimentData, 'digests' | 'features'>): void {
  const now = dataDigests(data);
  const then: Readonly<Record<string, string>> = {
    ...manifest.datasets,
    ...(manifest.features.store ? { features: manifest.features.store } : {}),
  };
  const changed = Object.entries(now).filter(([part, digest]) => then[part] !== digest);
  if (changed.length === 0) return;
  const parts = changed.map(([part, digest]) => `${part} (sha256 ${then[part]?.slice(0, 12) ?? 'none'} then, ${digest.slice(0, 12)} now)`);
  throw new RunError(`${folder} was trained with other data: ${parts.join(', ')}. Bring that data back, or train a new run`);
}
