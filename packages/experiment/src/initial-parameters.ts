import { existsSync } from 'node:fs';
import type { BuiltNetwork } from '@tass/network';
import { namedParameters, withParameters } from '@tass/tensor';
import { RunError, type RunRecord } from '@tass/tracking';
import { readBest } from './best-parameters';
import { tensorsOf } from './parameter-files';
import { runFiles } from './run-files';

/** A network initialized from another run, and the names of those parameters. */
export interface StartedNetwork {
  readonly network: BuiltNetwork;
  readonly from: { readonly run: string; readonly sha256: string }; // of the file that holds them
  readonly taken: readonly string[]; // names
  readonly epoch: number; // of the other run
}

/**
 * The network with parameters replaced by those of the same name from another run's best epoch; the others keep their initial values.
 * Throws RunError if that run is unfinished, or has a parameter that the network lacks or has in another shape; CheckpointError.
 */
export function startFrom({ folder, manifest, finished }: RunRecord, network: BuiltNetwork): StartedNetwork {
  const file = runFiles.best(folder);
  const speaker = `initialize.from: ${manifest.id}`;
  if (!finished || !existsSync(file)) throw new RunError(`${speaker} is not finished, expected a run with its report and its best epoch`);
  const { arrays, epoch, sha256 } = readBest({ folder, manifest });
  const own = namedParameters(network.parameters);
  const taken = Object.keys(arrays);
  const unlike = taken.filter((name) => String(own.get(name)?.shape) !== String(arrays[name].shape));
  if (unlike.length > 0) {
    const shape = (given: readonly number[] | undefined) => (given ? `[${given.join(', ')}]` : 'none');
    const listed = unlike.slice(0, 5).map((name) => `${name} (${shape(arrays[name].shape)} there, ${shape(own.get(name)?.shape)} here)`);
    const more = unlike.length > listed.length ? ` and ${unlike.length - listed.length} more` : '';
    throw new RunError(
      `${speaker} has parameters that ${network.name} has not: ${listed.join(', ')}${more}. ` +
        'Expected a run whose every parameter is one of this network, in name and shape',
    );
  }
  const named = new Map([...own, ...tensorsOf(arrays, taken)]);
  for (const name of taken) own.get(name)!.dispose();
  return {
    network: { ...network, parameters: withParameters(network.parameters, named) },
    from: { run: manifest.id, sha256 },
    taken,
    epoch,
  };
}
