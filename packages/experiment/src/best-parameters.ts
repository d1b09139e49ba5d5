import { CheckpointError } from '@tass/checkpoints';
import type { BuiltNetwork } from '@tass/network';
import { withParameters } from '@tass/tensor';
import { readRun } from '@tass/tracking';
import { readParameters } from './parameter-files';
import { refuseOtherConfiguration } from './same-configuration';
import { runFiles } from './run-files';

/** Runs on the parameters of a run's best epoch, whose tensors are freed afterwards. Throws CheckpointError, also for parameters of another configuration than the run's. */
export async function withBestParameters<Result>(
  folder: string,
  network: BuiltNetwork,
  run: (parameters: object, epoch: number) => Promise<Result>,
): Promise<Result> {
  const file = runFiles.best(folder);
  const { named, state } = readParameters(file, network.parameters);
  try {
    refuseOtherConfiguration(file, state, readRun(folder).manifest);
    if (typeof state.epoch !== 'number')
      throw new CheckpointError(file, 'these are not the parameters of an epoch. Name the run that the trainer wrote');
    return await run(withParameters(network.parameters, named), state.epoch);
  } finally {
    for (const tensor of named.values()) tensor.dispose();
  }
}
