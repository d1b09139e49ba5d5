import { CheckpointError, type State } from '@tass/checkpoints';
import type { RunRecord } from '@tass/tracking';

/** The digest of its run's configuration in a checkpoint; absent in older runs. */
export const configurationOf = ({ config }: RunRecord['manifest']): State => (config?.identity ? { configuration: config.identity } : {});

/** Throws CheckpointError if a checkpoint was written with another configuration than that of its run. */
export function refuseOtherConfiguration(file: string, { configuration }: State, { config }: RunRecord['manifest']): void {
  if (configuration === undefined || config?.identity === undefined || configuration === config.identity) return;
  throw new CheckpointError(
    file,
    `written with another configuration (${String(configuration).slice(0, 12)}) than its run's (${config.identity.slice(0, 12)}). ` +
      'Bring back the file of this run, or train a new run',
  );
}
