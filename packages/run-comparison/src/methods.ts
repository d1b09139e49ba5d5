import { presentName } from '@tass/config';
import type { BoardMethod, BoardRun } from './board';
import type { Entry } from './entries';
import type { LeftOut } from './left-out';

export interface ScoredEntry extends Entry, BoardRun {}

/** Runs of one configuration, one for each seed, sorted by seed. */
export interface RunMethod extends BoardMethod {
  readonly identity: object;
  readonly runs: readonly ScoredEntry[];
}

export interface GroupedRuns {
  readonly methods: readonly RunMethod[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Of several runs with the same method and seed, the newest counts. Methods with the same title get the keys in which they differ.
 * `entries`: newest first.
 */
export function groupRuns(entries: readonly ScoredEntry[]): GroupedRuns {
  const groups = new Map<string, ScoredEntry[]>();
  const leftOut: LeftOut[] = [];
  for (const entry of entries) {
    const group = groups.get(entry.method) ?? [];
    const twin = group.find(({ seed }) => seed === entry.seed);
    if (twin) leftOut.push({ run: entry.row.id, reason: `the newer run ${twin.row.id} has the same configuration and seed` });
    else groups.set(entry.method, [...group, entry]);
  }
  const methods = [...groups].map(([id, runs]): RunMethod => {
    const { experiment, identity, record } = runs[0]; // the newest provides the names
    const bySeed = [...runs].sort((a, b) => a.experiment.seed - b.experiment.seed);
    const overrides = record.manifest.overrides.filter((word) => !/^\+*seed=/.test(word));
    return { id, name: experiment.title, experiment: presentName(record.manifest.experiment), identity, overrides, runs: bySeed };
  });
  const told = methods.map((method) => {
    const namesakes = methods.filter(({ name }) => name === method.name);
    return namesakes.length === 1 ? method : { ...method, name: `${method.name} (${distinction(method, namesakes)})` };
  });
  return { methods: told, leftOut };
}

/** `model.dim=64, loss.synchrony=0`: the keys in which methods with one title differ, with this one's values. */
function distinction(method: Pick<RunMethod, 'identity'>, namesakes: readonly Pick<RunMethod, 'identity'>[]): string {
  const mine = flat(method.identity);
  const others = namesakes.map(({ identity }) => flat(identity));
  const differing = new Set(others.flatMap((other) => differingKeys(mine, other)));
  const inOrder = new Set([...mine.keys(), ...differing]); // of the configuration, in a fixed order
  const keys = [...inOrder].filter((key) => differing.has(key));
  return keys.map((key) => `${key}=${mine.get(key) ?? 'absent'}`).join(', ');
}

export interface Change {
  readonly key: string;
  readonly reference: string;
  readonly here: string;
}

/** The keys in which a method differs from the reference. */
export function changesBetween(reference: object, here: object): Change[] {
  const [before, after] = [flat(reference), flat(here)];
  return differingKeys(before, after).map((key) => ({ key, reference: before.get(key) ?? 'absent', here: after.get(key) ?? 'absent' }));
}

/** The keys in which two methods differ; for two networks, which have different keys, only the name. */
function differingKeys(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): string[] {
  const areAlike = one.get('model.network') === other.get('model.network');
  const isShared = (key: string): boolean => areAlike || !/^(model|loss)\./.test(key) || (one.has(key) && other.has(key));
  return [...new Set([...one.keys(), ...other.keys()])].filter((key) => one.get(key) !== other.get(key) && isShared(key));
}

/** `a.b` -> value as text, of every value that is no map. */
function flat(value: object, above = ''): Map<string, string> {
  return new Map(
    Object.entries(value).flatMap(([key, child]): [string, string][] => {
      const path = above === '' ? key : `${above}.${key}`;
      if (child !== null && typeof child === 'object' && !Array.isArray(child)) return [...flat(child as object, path)];
      return [[path, typeof child === 'string' ? child : JSON.stringify(child)]];
    }),
  );
}
