import { createRequire } from 'node:module';
import { basename, parse, resolve } from 'node:path';
import { homeFolder } from '@tass/program';
import { nodeAt, nodeOf, plainValue, type ConfigNode } from './node';
import { readYaml, shownPath } from './yaml';

const searchPlaces = ['package.json', '.tassrc', '.tassrc.yaml', '.tassrc.yml', '.tassrc.json', 'tass.config.js', 'tass.config.cjs'];

export interface FoundSettings {
  readonly file: string;
  readonly tree: ConfigNode; // with its places; of a program, the file
}

/**
 * The first settings file in `from` or a folder above it, a package.json only with the key `tass`; empty files are passed over. Throws
 * ConfigError for one that cannot be read.
 */
export function findSettings(from: string): FoundSettings | undefined {
  const readPlain = (file: string): unknown => plainValue(readYaml(file));
  const { cosmiconfigSync } = loadCosmiconfig();
  const stopDir = parse(resolve(from)).root;
  const explorer = cosmiconfigSync('tass', {
    searchPlaces,
    stopDir,
    loaders: { '.yaml': readPlain, '.yml': readPlain, '.json': readPlain, noExt: readPlain },
  });
  const found = explorer.search(from);
  if (!found) return undefined;
  const { filepath: file, config } = found;
  if (/\.c?js$/.test(file)) return { file, tree: nodeOf(config, shownPath(file)) };
  const tree = readYaml(file);
  return { file, tree: (basename(file) === 'package.json' && nodeAt(tree, ['tass'])) || tree };
}

/** Loaded late, as it asks for the home folder at once, which a user without HOME and without a name does not have. */
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
