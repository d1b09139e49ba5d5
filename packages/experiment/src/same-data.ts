import { RunError, type RunRecord } from '@tass/tracking';
import { dataDigests, type ExperimentData } from './data';

type Digests = Readonly<Record<string, string>>;

/**
 * A score, or a run that goes on, is only worth something on the questions and features that the run was begun with.
 * Throws RunError naming each part that is another one now.
 */
export function refuseOtherData({ folder, manifest }: RunRecord, data: Pick<ExperimentData, 'digests' | 'features'>): void {
  const now = dataDigests(data);
  const changed = changedParts(digestsOf(manifest), now);
  if (changed.length === 0) return;
  throw new RunError(`${folder} was trained with other data: ${changed.join(', ')}. Bring that data back, or train a new run`);
}

/** Of the data that a run was begun with, as `dataDigests` has them. */
export const digestsOf = ({ datasets, features }: RunRecord['manifest']): Digests => ({
  ...datasets,
  ...(features.store ? { features: features.store } : {}),
});

/** `train (sha256 0123456789ab then, ba9876543210 now)`: the parts whose digests differ. */
export function changedParts(then: Digests, now: Digests): string[] {
  const shown = (digest: string | undefined): string => digest?.slice(0, 12) ?? 'none';
  const changed = Object.keys({ ...then, ...now }).filter((part) => then[part] !== now[part]);
  return changed.map((part) => `${part} (sha256 ${shown(then[part])} then, ${shown(now[part])} now)`);
}
