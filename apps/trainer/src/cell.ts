import { basename, dirname, join, relative } from 'node:path';
import { configOf } from '@tass/config';
import { cellIdentity, changedParts, checkExperiment, dataDigests, type Experiment, type ExperimentData } from '@tass/experiment';
import { cellAddress, SweepError, type Cell, type CellDefinition } from '@tass/sweep';
import type { SweepOfRun } from '@tass/tracking';

type Digests = Readonly<Record<string, string>>;

/** What a worker needs to compute a cell. */
interface CellConfig {
  readonly experiment: Experiment;
  readonly digests: Digests; // of the data in its address
}

/** The cell of an experiment with certain data. */
export function cellDefinition(
  named: Pick<CellDefinition, 'name' | 'experiment' | 'overrides'>,
  experiment: Experiment,
  digests: Digests,
): CellDefinition {
  const config: CellConfig = { experiment, digests };
  return { ...named, seed: experiment.seed, identity: cellIdentity(experiment, digests), config };
}

/**
 * The experiment of a cell, with the launcher's number of threads (null: as configured). Throws SweepError if it does not match the cell's
 * address, ConfigError if this version cannot read it.
 */
export function experimentOfCell({ address, config, folder }: Cell, threads: number | null): Experiment {
  const { experiment, digests } = (config ?? {}) as CellConfig;
  const checked = checkExperiment(configOf(experiment, `${folder}/cell.json`));
  if (cellAddress(cellIdentity(checked, digests)) !== address) {
    throw new SweepError(
      `${folder}/cell.json does not match its address, or another version of this project wrote it. ` +
        'Start the sweep again without --resume',
    );
  }
  return { ...checked, engine: { ...checked.engine, threads: threads ?? checked.engine.threads } };
}

/** Throws SweepError that names the parts of the data that have changed since the cell was planned. */
export function refuseOtherDigests({ name, config }: Cell, data: Pick<ExperimentData, 'digests' | 'features'>): void {
  const changed = changedParts((config as CellConfig).digests, dataDigests(data));
  if (changed.length === 0) return;
  throw new SweepError(`${name} was planned with different data: ${changed.join(', ')}. Start the sweep again without --resume`);
}

/** `folder` is the sweep's folder, relative to the runs folder: `.sweeps/<experiment>/<id>`. */
export function sweepOfRun(folder: string): SweepOfRun {
  return { id: basename(folder), experiment: relative('.sweeps', dirname(folder)), folder: join(folder) };
}
