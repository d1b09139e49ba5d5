import { dirname, resolve } from 'node:path';
import { pathFrom } from '@tass/program';
import { z } from 'zod';
import { checkConfig } from './check';
import { composedOf } from './compose';
import { ConfigError } from './config-error';
import { findSettings } from './find-settings';
import { isMap, nodeOf, type ConfigNode } from './node';
import { passedSettings } from './passed-settings';
import { resolveReferences } from './resolve';

const schema = z.strictObject({
  experiments: z.string().min(1).default('experiments'),
  runs: z.string().min(1).default('runs'),
  data: z.string().min(1).default('data'),
  launcher: z.string().min(1).default('local'),
  tracking: z.strictObject({ uri: z.string().min(1).nullable().default(null) }).default({ uri: null }),
});

/** A project's folders, as absolute paths. */
export interface ProjectSettings {
  readonly root: string; // the folder of the settings file, else the folder the search began in
  readonly file: string | undefined; // the settings file
  readonly experiments: string;
  readonly runs: string;
  readonly data: string; // the environment variable TASS_DATA beats the file
  readonly launcher: string; // option of the group launcher that sweeps use when none is named
  readonly tracking: { readonly uri: string | null }; // of an MLflow server; null: runs are only kept in their folders
}

/**
 * Those of the settings file in `from` or the nearest folder above it. Its paths are relative to it, `~` is the home folder, and they may hold `${oc.env:NAME}`. Without one: experiments,
 * runs and data in `from`. TASS_DATA belongs to the shell: a relative one begins in the working directory. In a job of a sweep: the sweep's.
 * Throws ConfigError naming the key and its place, of tass.config.js the file.
 */
export function projectSettings(from: string = process.cwd(), environment: NodeJS.ProcessEnv = process.env): ProjectSettings {
  const passed = passedSettings(environment);
  const given = environment.TASS_DATA ? pathFrom('', environment.TASS_DATA, 'TASS_DATA') : undefined;
  if (passed) return { ...passed, data: given ?? passed.data };
  const found = findSettings(from);
  const root = found ? dirname(found.file) : resolve(from);
  const composed = composedSettings(found?.tree ?? nodeOf({}, 'project settings'), environment);
  const settings = checkConfig(composed, schema);
  const folder = (key: 'experiments' | 'runs' | 'data'): string => {
    try {
      return pathFrom(root, settings[key], key);
    } catch (error) {
      throw new ConfigError([`${composed.sourceOf([key])}: ${(error as Error).message}`]);
    }
  };
  return {
    root,
    file: found?.file,
    experiments: folder('experiments'),
    runs: folder('runs'),
    data: given ?? folder('data'),
    launcher: settings.launcher,
    tracking: settings.tracking,
  };
}

function composedSettings(tree: ConfigNode, environment: NodeJS.ProcessEnv) {
  if (!isMap(tree)) throw new ConfigError([`${tree.source}: the settings must be a map of keys`]);
  return composedOf(resolveReferences(tree, environment));
}
