import { RunError, type RunRecord } from '@tass/tracking';
import { dataDigests, type ExperimentData } from './data';

type Digests = Readonly<Record<string, string>>;

/**
 * A score or a resumed run is meaningful only with the run's original questions and features. Throws RunError that names each part that has
 * changed.
 */
export function refuseOtherData({ folder, manifest }: RunRecord, data: Pick<ExperimentData, 'digests' | 'features'>): void {
  const now = dataDigests(data);
  const changed = changedParts(digestsOf(manifest), now);
  if (changed.length === 0) return;
  throw new RunError(`${folder} was trained with other data: ${changed.join(', ')}. Restore that data, or train a new run`);
}

/** The digests of a run's original data, as in `dataDigests`. */
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
