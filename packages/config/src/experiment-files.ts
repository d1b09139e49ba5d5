import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { dirname } from 'node:path/posix';
import { foldersBelow } from '@tass/files';
import { didYouMean } from '@tass/program';
import { ConfigError } from './config-error';
import { presentName } from './former-names';
import { limits } from './limits';
import { isList, isMap, nodeAt } from './node';
import { shortened } from './value-text';
import { readYaml, shownPath } from './yaml';

/** Of an experiment, a group or an option: `größe`, `a b+c`. Comma, `=`, quotes and brackets have a meaning of their own on the command line. */
const segment = '[\\p{L}\\p{N}_]([\\p{L}\\p{M}\\p{N}_.+ -]*[\\p{L}\\p{M}\\p{N}_.+-])?';
const namePattern = new RegExp(`^${segment}(/${segment})*$`, 'u');
const nameRule = 'a name begins with a letter or a digit, followed by letters, digits, blanks and the signs . _ + -';

/** The key that makes an experiment file a grid of experiments. */
export const gridKey = 'sweep';

/** True for `tass` and `ablations/cms`: words that cannot lead out of the experiments folder and are valid file names. */
export const isName = (text: string): boolean => Buffer.byteLength(text) <= limits.keyCharacters && namePattern.test(text);

/**
 * The experiments below `root` by name, sorted. Files directly in `root` are experiments; in its folders, those that build on
 * another experiment (`defaults: [/quickstart]`), and grids. The other files there are options of groups.
 */
export function listExperiments(root: string): string[] {
  const known = new Map<string, boolean>();
  return yamlNames(root).filter((name) => isName(name) && isExperiment(root, name, known));
}

/** True for what `listExperiments` lists: a file that is a whole experiment, or a grid. */
export function isExperiment(root: string, name: string, known?: Map<string, boolean>): boolean {
  return existsSync(join(root, `${name}.yaml`)) && (!name.includes('/') || buildsOnExperiment(root, name, known) || isGrid(root, name));
}

/** True if the experiment's file has the key `sweep`. False for an unreadable file: running it reports the error. */
export function isGrid(root: string, name: string): boolean {
  try {
    return nodeAt(readYaml(join(root, `${name}.yaml`)), [gridKey]) !== undefined;
  } catch (error) {
    if (error instanceof ConfigError) return false;
    throw error;
  }
}

/** The options of a group: `model` has `tass` if `root`/model/tass.yaml exists. */
export function listOptions(root: string, group: string): string[] {
  return isGroup(root, group) ? yamlNames(join(root, group)).filter((name) => !name.includes('/') && isName(name)) : [];
}

export function isGroup(root: string, group: string): boolean {
  return isName(group) && statSync(join(root, group), { throwIfNoEntry: false })?.isDirectory() === true;
}

/** All folders below the experiments folder, `model/jtg` among them, sorted; links are followed. Not every one is a group. */
export const foldersOf = (root: string): string[] =>
  foldersBelow(root).folders.slice(1).map((folder) => relative(root, folder).replaceAll('\\', '/')).sort(); // prettier-ignore

export const hasOption = (root: string, group: string, option: string): boolean => existsSync(join(root, group, `${option}.yaml`));

/** The present name of an experiment: `tass-small` for `mini-avqa`, unless the user has an experiment of that name. */
export const nameHere = (root: string, name: string): string => (existsSync(join(root, `${name}.yaml`)) ? name : presentName(name));

/** The file of an experiment. Throws ConfigError that lists the experiments. */
export function experimentFile(root: string, name: string, source: string): string {
  const file = join(root, `${name}.yaml`);
  if (isName(name) && existsSync(file)) return file;
  if (!existsSync(root)) throw new ConfigError([`${source}: there is no experiments folder ${shownPath(root)}`]);
  refuseOtherName(root, '', name, source);
  const renamed = presentName(name);
  if (existsSync(join(root, `${renamed}.yaml`)))
    throw new ConfigError([`${source}: there is no experiment ${name} in ${shownPath(root)}; it was renamed. Write ${renamed}`]);
  const known = listExperiments(root);
  const list = known.join(', ') || 'none';
  throw new ConfigError([
    `${source}: there is no experiment ${shortened(name)} in ${shownPath(root)}. Available: ${list}.${didYouMean(name, known)}`,
  ]);
}

/** The file of a group's option. Throws ConfigError that lists the options. */
export function optionFile(root: string, group: string, option: string, source: string): string {
  const file = join(root, group, `${option}.yaml`);
  if (isName(group) && isName(option) && existsSync(file)) return file;
  if (isName(group)) refuseOtherName(root, group, option, source);
  const options = listOptions(root, group);
  if (options.length > 0) {
    throw new ConfigError([
      `${source}: there is no ${group}/${shortened(option)}. Options of ${group}: ${options.join(', ')}.${didYouMean(option, options)}`,
    ]);
  }
  const groups = foldersOf(root).filter((folder) => !folder.includes('/'));
  throw new ConfigError([
    `${source}: there is no group ${shortened(group)} in ${shownPath(root)}. Folders: ${groups.join(', ')}.${didYouMean(group, groups)}`,
  ]);
}

/** A file with an invalid name, or with another ending. */
function refuseOtherName(root: string, folder: string, name: string, source: string): void {
  const there = yamlNames(join(root, folder));
  const shown = (ending: string): string => shownPath(join(root, folder, `${name}${ending}`));
  if (there.includes(name) && !isName(name))
    throw new ConfigError([`${source}: ${shown('.yaml')} cannot be named: ${nameRule}. Rename it`]);
  const ending = ['.yml', '.YAML', '.YML'].find((one) => isName(name) && existsSync(join(root, folder, `${name}${one}`)));
  if (ending !== undefined)
    throw new ConfigError([
      `${source}: there is ${shown(ending)}, but experiments and options end with .yaml. Rename it: ${shown('.yaml')}`,
    ]);
}

/** Whether its `defaults` name one, also by way of files of its own folder. `known` are the answers so far. */
function buildsOnExperiment(root: string, name: string, known = new Map<string, boolean>(), depth = 0): boolean {
  const former = known.get(name);
  if (former !== undefined) return former;
  const entries = depth < limits.depth ? defaultsOf(join(root, `${name}.yaml`)) : undefined;
  if (entries === undefined) return true; // listed, so that running it reports the error
  known.set(name, false); // a circle builds on nothing
  const builds = entries.some((entry) => {
    const fromRoot = entry.startsWith('/');
    const named = fromRoot ? entry.slice(1) : entry.includes('/') ? undefined : join(dirname(name), entry);
    if (named === undefined || !isName(named)) return false;
    if (!named.includes('/')) return true;
    return existsSync(join(root, `${named}.yaml`)) ? buildsOnExperiment(root, named, known, depth + 1) : fromRoot;
  });
  known.set(name, builds);
  return builds;
}

/** The entries of a file's `defaults` that are words; undefined if it cannot be read. */
function defaultsOf(file: string): string[] | undefined {
  try {
    const content = readYaml(file);
    const defaults = isMap(content) ? content.value.get('defaults') : undefined;
    if (!defaults || !isList(defaults)) return [];
    return defaults.value.flatMap(({ value }) => (typeof value === 'string' && value !== '_self_' ? [value] : []));
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

function yamlNames(root: string): string[] {
  return foldersBelow(root)
    .folders.flatMap((folder) => readdirSync(folder).map((name) => relative(root, join(folder, name))))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length).replaceAll('\\', '/'))
    .sort();
}
