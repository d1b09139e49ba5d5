import { basename, dirname, parse, resolve } from 'node:path';
import { cosmiconfigSync } from 'cosmiconfig';
import { z } from 'zod';
import { checkConfig } from './check';
import { composedOf } from './compose';
import { configOf } from './config-of';
import { ConfigError } from './config-error';
import { isMap, nodeAt, nodeOf, plainValue, type ConfigNode } from './node';
import { resolveReferences } from './resolve';
import { readYaml, shownPath } from './yaml';

const schema = z.strictObject({
  experiments: z.string().min(1).default('experiments'),
  runs: z.string().min(1).default('runs'),
  data: z.string().min(1).default('data'),
  launcher: z.string().min(1).default('local'),
  tracking: z.strictObject({ uri: z.string().min(1).nullable().default(null) }).default({ uri: null }),
});

/** Where a project keeps things; absolute paths. */
export interface ProjectSettings {
  readonly root: string; // the folder of the settings file, else the folder the search began in
  readonly file: string | undefined; // the settings file
  readonly experiments: string;
  readonly runs: string;
  readonly data: string; // the environment variable TASS_DATA stands above the file
  readonly launcher: string; // option of the group launcher that sweeps use when none is named
  readonly tracking: { readonly uri: string | null }; // of an MLflow server; null: runs are only kept in their folders
}

const readYamlPlain = (file: string): unknown => plainValue(readYaml(file));

/**
 * Looks in `from` and the folders above it for `tass` in package.json, .tassrc, .tassrc.yaml, .tassrc.json, tass.config.js or tass.config.cjs;
 * the first found counts, its paths are relative to it and may hold `${oc.env:NAME}`. Without one: experiments, runs and data in `from`.
 * Throws ConfigError naming the key and its place, of tass.config.js the file.
 */
export function projectSettings(from: string = process.cwd(), environment: NodeJS.ProcessEnv = process.env): ProjectSettings {
  const found = cosmiconfigSync('tass', {
    searchPlaces: ['package.json', '.tassrc', '.tassrc.yaml', '.tassrc.json', 'tass.config.js', 'tass.config.cjs'],
    loaders: { '.yaml': readYamlPlain, '.json': readYamlPlain, noExt: readYamlPlain },
    stopDir: parse(resolve(from)).root,
  }).search(from);
  const root = found ? dirname(found.filepath) : resolve(from);
  const settings = check(found?.config ? settingsTree(found.filepath, found.config) : configOf({}, 'project settings').tree, environment);
  return {
    root,
    file: found?.filepath,
    experiments: resolve(root, settings.experiments),
    runs: resolve(root, settings.runs),
    data: environment.TASS_DATA ? resolve(environment.TASS_DATA) : resolve(root, settings.data),
    launcher: settings.launcher,
    tracking: settings.tracking,
  };
}

/** The settings with their places; of a program, as they are. */
function settingsTree(file: string, config: unknown): ConfigNode {
  if (/\.c?js$/.test(file)) return nodeOf(config, shownPath(file));
  const tree = readYaml(file);
  return (basename(file) === 'package.json' && nodeAt(tree, ['tass'])) || tree;
}

function check(tree: ConfigNode, environment: NodeJS.ProcessEnv): z.output<typeof schema> {
  if (!isMap(tree)) throw new ConfigError([`${tree.source}: the settings must be a map of keys`]);
  return checkConfig(composedOf(resolveReferences(tree, environment)), schema);
}
