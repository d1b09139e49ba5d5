import { isMap, type ConfigMap, type ConfigNode, type ConfigPath } from './node';
import { referredMap } from './resolve';

/** A map under construction. */
interface GrowingMap extends ConfigMap {
  readonly value: Map<string, ConfigNode>;
}

/**
 * The files of an experiment laid over one another in their order: maps are merged key by key and keep the source of the first, lists and
 * scalars are replaced. `???` requires a value, so an earlier one stays. A map over a reference to a map is merged with a copy
 * of that map at this point, as in OmegaConf.
 */
export function mergeFiles(files: readonly ConfigMap[], environment?: NodeJS.ProcessEnv): ConfigNode {
  const root = copyOf(files[0] ?? { source: '', value: new Map() });
  for (const file of files.slice(1)) lay(file, root, [], { root, environment });
  return root;
}

interface Whole {
  readonly root: GrowingMap;
  readonly environment: NodeJS.ProcessEnv | undefined;
}

function lay(above: ConfigMap, onto: GrowingMap, path: ConfigPath, whole: Whole): void {
  for (const [key, child] of above.value) {
    const here = [...path, key];
    const former = onto.value.get(key);
    if (former && child.value === '???') continue;
    const below = former && isMap(child) ? mapBelow(former, here, whole) : undefined;
    if (!below || !isMap(child)) {
      onto.value.set(key, child);
      continue;
    }
    const merged = copyOf(below);
    onto.value.set(key, merged);
    lay(child, merged, here, whole);
  }
}

const mapBelow = (former: ConfigNode, path: ConfigPath, { root, environment }: Whole): ConfigMap | undefined =>
  isMap(former) ? former : referredMap(former, path, root, environment);

const copyOf = ({ source, value }: ConfigMap): GrowingMap => ({ source, value: new Map(value) });
