import { relative } from 'node:path';
import { CheckpointError, readCheckpoint, type Checkpoint } from '@tass/checkpoints';
import type { BuiltNetwork } from '@tass/network';
import { withParameters } from '@tass/tensor';
import { readRun, refuseOtherBytes, type RunRecord } from '@tass/tracking';
import { likeParameters } from './parameter-files';
import { refuseOtherConfiguration } from './same-configuration';
import { runFiles } from './run-files';

/**
 * Passes the parameters of a run's best epoch to a function and frees their tensors afterwards. Throws as `readBest`; CheckpointError if
 * they belong to another network.
 */
export async function withBestParameters<Result>(
  folder: string,
  network: BuiltNetwork,
  run: (parameters: object, epoch: number) => Promise<Result>,
): Promise<Result> {
  const { arrays, epoch } = readBest(readRun(folder));
  const named = likeParameters(runFiles.best(folder), arrays, network.parameters);
  try {
    return await run(withParameters(network.parameters, named), epoch);
  } finally {
    for (const tensor of named.values()) tensor.dispose();
  }
}

/** The parameters of a run's best epoch. */
export interface BestCheckpoint extends Pick<Checkpoint, 'arrays'> {
  readonly epoch: number;
  readonly sha256: string; // of the file
}

/**
 * Reads the best checkpoint of a run. Throws CheckpointError if it is damaged or belongs to another configuration; RunError if it has
 * changed since the report of a finished run.
 */
export function readBest({ folder, manifest }: Pick<RunRecord, 'folder' | 'manifest'>): BestCheckpoint {
  const file = runFiles.best(folder);
  let sha256 = '';
  const { arrays, state } = readCheckpoint(file, (bytes) => {
    sha256 = refuseOtherBytes(folder, relative(folder, file), bytes);
  });
  refuseOtherConfiguration(file, state, manifest);
  if (typeof state.epoch !== 'number')
    throw new CheckpointError(file, 'these are not the parameters of an epoch. Name the run that the trainer wrote');
  return { arrays, epoch: state.epoch, sha256 };
}
