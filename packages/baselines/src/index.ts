import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, parse } from 'node:path';
import { faultOf, type Network } from '@tass/network';

const sources = join(__dirname, '../src/networks'); // what a build left of a source that is gone is no network

interface Found {
  readonly name: string;
  readonly network?: Network<object, object>;
  readonly fault?: string; // why the file has no network
}

/** The files of `networks/`, each with the `network` of its name: a new file needs no line elsewhere. One that has a fault hinders no other. */
const found: readonly Found[] = readdirSync(sources)
  .filter((file) => /^[^.]+\.ts$/.test(file))
  .map((file) => {
    const { name } = parse(file);
    const place = `packages/baselines/src/networks/${file}`;
    try {
      const { network } = createRequire(__filename)(join(__dirname, 'networks', name)) as { network?: Network<object, object> };
      const fault = faultOf(network, name);
      return fault === undefined ? { name, network } : { name, fault: `${place} ${fault}` };
    } catch (error) {
      return { name, fault: `${place} cannot be loaded: ${(error as Error).message}` };
    }
  });

export const baselines: readonly Network<object, object>[] = found.flatMap(({ network }) => network ?? []);

/** By name: why a file there is no network. */
export const faultyNetworks: ReadonlyMap<string, string> = new Map(found.flatMap(({ name, fault }) => (fault ? [[name, fault]] : [])));
