import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { ConfigError } from './config-error';
import { nodeAt, nodeOf, type ConfigNode } from './node';
import { readYaml, shownPath } from './yaml';

const names = ['package.json', '.tassrc', '.tassrc.yaml', '.tassrc.json', 'tass.config.js', 'tass.config.cjs'];

export interface FoundSettings {
  readonly file: string;
  readonly tree: ConfigNode; // with its places; of a program, the file
}

/**
 * The first settings file in `from` or a folder above it, a package.json only with the key `tass`; empty files are passed over. Throws
 * ConfigError for one that cannot be read.
 */
export function findSettings(from: string): FoundSettings | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    for (const file of names.map((name) => join(folder, name))) {
      const tree = settingsIn(file);
      if (tree !== undefined) return { file, tree };
    }
    if (folder === dirname(folder)) return undefined;
  }
}

function settingsIn(file: string): ConfigNode | undefined {
  if (!isFilled(file)) return undefined;
  if (file.endsWith('package.json')) return hasOwnKey(file) ? nodeAt(readYaml(file), ['tass']) : undefined;
  return /\.c?js$/.test(file) ? nodeOf(createRequire(__filename)(file), shownPath(file)) : readYaml(file);
}

/** False for what is closed to us in a folder above; a settings file itself that is closed, reading it names. */
function isFilled(file: string): boolean {
  try {
    if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return false;
  } catch {
    return false;
  }
  try {
    return readFileSync(file, 'utf8').trim() !== '';
  } catch {
    return !file.endsWith('package.json');
  }
}

function hasOwnKey(file: string): boolean {
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return ((content as { tass?: unknown } | null)?.tass ?? undefined) !== undefined;
  } catch (error) {
    throw new ConfigError([`${shownPath(file)}: cannot be read: ${(error as Error).message}`]);
  }
}
