import { dirname } from 'node:path/posix';
import { ConfigError } from './config-error';
import { isName } from './experiment-files';
import { isList, isMap, plainValue, type ConfigMap, type ConfigNode } from './node';

/** One line of a `defaults` list. Groups are named from the experiments folder: `model`, `model/jtg`. */
export type DefaultsEntry = { readonly source: string } & (
  | { readonly kind: 'self' }
  | { readonly kind: 'experiment'; readonly name: string } // /quickstart, merged at the root; /group/option, which is no experiment, below its key
  | { readonly kind: 'sibling'; readonly name: string } // a file of the same folder, merged at the same key
  | { readonly kind: 'option'; readonly group: string; readonly option: string | null; readonly isOptional: boolean } // merged below the key of its group
  | { readonly kind: 'override'; readonly group: string; readonly option: string | null } // another option for a group chosen further down
);

/** Instead of an option: to be chosen further up. `null`: none is chosen here. */
export const toChoose = '???';

const forms = '_self_, group/option, "group: option", "optional group: option", /experiment, or "override /group: option"';

/** A file's `defaults` list and the rest of the file. `group` is the group the file is an option of, or null for an experiment. */
export function splitDefaults(content: ConfigNode, group: string | null): { entries: DefaultsEntry[]; body: ConfigMap } {
  if (!isMap(content)) throw new ConfigError([`${content.source}: the file must be a map of keys`]);
  const rest = new Map(content.value);
  const defaults = rest.get('defaults');
  rest.delete('defaults');
  const body = { source: content.source, value: rest };
  if (!defaults) return { entries: [{ kind: 'self', source: content.source }], body };
  if (!isList(defaults)) throw new ConfigError([`${defaults.source}: defaults must be a list of ${forms}`]);
  const entries = defaults.value.map((item) => parseEntry(item, group));
  const selves = entries.filter(({ kind }) => kind === 'self');
  if (selves.length > 1) throw new ConfigError([`${selves[1].source}: defaults lists _self_ twice (${selves[0].source}). Write it once`]);
  if (selves.length === 0) entries.push({ kind: 'self', source: defaults.source });
  return { entries, body };
}

function parseEntry(item: ConfigNode, group: string | null): DefaultsEntry {
  const { source } = item;
  const refuse = (found: string) => new ConfigError([`${source}: ${found} in defaults is not one of ${forms}`]);
  const absolute = (relative: string) => (group === null ? relative : `${group}/${relative}`);

  if (isMap(item) && item.value.size === 1) {
    const [[key, { value: option }]] = item.value;
    const named = /^(override +|optional +)?(\/)?(.+)$/.exec(key);
    const isChoice = option === null || option === toChoose || (typeof option === 'string' && isName(option));
    if (!named || !isChoice || !isName(named[3])) throw refuse(`${key}: ${typeof option === 'string' ? option : JSON.stringify(option)}`);
    const fullGroup = named[2] ? named[3] : absolute(named[3]);
    const chosen = { group: fullGroup, option, source };
    if (named[1]?.startsWith('override')) return { kind: 'override', ...chosen };
    return { kind: 'option', isOptional: named[1] !== undefined, ...chosen };
  }
  if (typeof item.value !== 'string') throw refuse(JSON.stringify(plainValue(item)));
  const text = item.value.replace(/^optional +/, '');
  const isOptional = text !== item.value;
  if (text === '_self_') return { kind: 'self', source };
  const fromRoot = text.startsWith('/');
  const name = fromRoot ? text.slice(1) : text;
  if (!isName(name) || name.startsWith('override ') || (isOptional && !name.includes('/'))) throw refuse(item.value);
  if (fromRoot && isOptional) throw refuse(item.value);
  if (fromRoot) return { kind: 'experiment', name, source };
  if (!name.includes('/')) return { kind: 'sibling', name, source };
  return { kind: 'option', group: absolute(dirname(name)), option: name.slice(dirname(name).length + 1), isOptional, source };
}
