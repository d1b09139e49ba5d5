import { LockError, lockFolder, retry } from '@tass/files';
import { type ComputedBy, readManifest, writeManifest } from './manifest';

/**
 * Adds to a store's manifest where records are going to be computed, once, before the first of them is written. The jobs of a cluster may do so at
 * the same time. Throws where there is no store, and LockError where a dead process on another machine holds its manifest.
 */
export async function recordProvider(folder: string, computedBy: ComputedBy): Promise<void> {
  const lock = { file: 'manifest.lock', what: 'the manifest of' };
  const pauseAfter = (error: unknown, failures: number) => (error instanceof LockError && error.isHeld && failures < 100 ? 0.1 : undefined);
  const unlock = await retry(async () => lockFolder(folder, lock), pauseAfter);
  try {
    const manifest = readManifest(folder);
    if (manifest === undefined) throw new Error(`there is no feature store at ${folder} (no manifest.json)`);
    const known = manifest.computedBy ?? [];
    if (known.some((each) => sameWork(each, computedBy))) return;
    writeManifest(folder, { ...manifest, computedBy: [...known, computedBy] });
  } finally {
    unlock();
  }
}

/** Whatever its difference, which may vary from run to run. */
const sameWork = (one: ComputedBy, other: ComputedBy): boolean =>
  one.provider === other.provider && one.device === other.device && one.of === other.of && nodesOf(one) === nodesOf(other);

const nodesOf = ({ nodes }: ComputedBy): string => JSON.stringify(Object.entries(nodes).sort());
