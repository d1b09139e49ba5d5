import { closeSync, lstatSync, openSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, parse, resolve } from 'node:path';
import { homeFolder } from '@tass/program';
import { ConfigError } from './config-error';
import { nodeAt, nodeOf, plainValue, type ConfigNode } from './node';
import { readText, readYaml, shownPath } from './yaml';

const known = [
  ...['.tassrc', '.tassrc.yaml', '.tassrc.yml', '.tassrc.json', '.tassrc.js', '.tassrc.cjs'],
  ...['tass.config.js', 'tass.config.cjs', 'package.json'],
];
const near = /^\.?tass(rc|[.-]config)(\.(json[5c]?|ya?ml|toml|ini|[cm]?[jt]s))?$/i; // the name of a settings file in other projects

export interface FoundSettings {
  readonly file: string;
  readonly tree: ConfigNode; // with its places; of a program, the file
}

/**
 * The settings file in `from`, or in the first folder above it that has one; a package.json only with the key `tass`; empty files are
 * skipped, and so is a package.json that cannot be opened: most have no such key. Throws ConfigError for one that cannot be read, for two in a
 * folder, and for one under a name that is not read.
 */
export function findSettings(from: string): FoundSettings | undefined {
  const search = searcher();
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    refuseNearNames(folder);
    const [found, second] = known.flatMap((name) => search(folder, name) ?? []);
    if (second) {
      const names = [found, second].map(({ filepath }) => basename(filepath)).join(' and ');
      throw new ConfigError([`${shownPath(folder) || '.'}: there are settings in ${names}. Keep one of them`]);
    }
    if (found) return { file: found.filepath, tree: treeOf(found) };
    if (folder === parse(folder).root) return undefined;
  }
}

interface Found {
  readonly filepath: string;
  readonly config: unknown;
}

/** Reads a settings file of one name in one folder, if it is there. */
function searcher(): (folder: string, name: string) => Found | undefined {
  const readPlain = (file: string): unknown => plainValue(readYaml(file));
  const loaders = { '.yaml': readPlain, '.yml': readPlain, '.json': readPlain, noExt: readPlain };
  const explorer = loadCosmiconfig().cosmiconfigSync('tass', { loaders });
  return (folder, name) => {
    const file = join(folder, name);
    if (!isThere(file) || (name === 'package.json' && !canBeOpened(file))) return undefined;
    readText(file); // names an unreadable one, or a broken link
    const found = explorer.load(file);
    return found && !found.isEmpty ? found : undefined;
  };
}

function treeOf({ filepath: file, config }: Found): ConfigNode {
  if (/\.c?js$/.test(file)) return nodeOf(config, shownPath(file));
  const tree = readYaml(file);
  return (basename(file) === 'package.json' && nodeAt(tree, ['tass'])) || tree;
}

function refuseNearNames(folder: string): void {
  const name = namesIn(folder).find((one) => near.test(one) && !known.includes(one) && isThere(join(folder, one)));
  if (name === undefined) return;
  throw new ConfigError([`${shownPath(join(folder, name))}: no settings are read from a file of this name. Known: ${known.join(', ')}`]);
}

const isThere = (file: string): boolean => ifAllowed(() => lstatSync(file, { throwIfNoEntry: false })?.isDirectory() === false, false);

const canBeOpened = (file: string): boolean => ifAllowed(() => closeSync(openSync(file, 'r')) === undefined, false);

const namesIn = (folder: string): string[] => ifAllowed(() => readdirSync(folder), []);

/** A folder above, or a file in it, may be unreadable for this user. */
function ifAllowed<Answer>(ask: () => Answer, otherwise: Answer): Answer {
  try {
    return ask();
  } catch {
    return otherwise;
  }
}

/** Loaded late, because it reads the home folder at once, which a user without HOME and without a name does not have. */
function loadCosmiconfig(): typeof import('cosmiconfig') {
  const { HOME } = process.env;
  if (homeFolder() === undefined) process.env.HOME = parse(__dirname).root;
  try {
    return createRequire(__filename)('cosmiconfig') as typeof import('cosmiconfig');
  } finally {
    if (HOME === undefined) delete process.env.HOME;
    else process.env.HOME = HOME;
  }
}
