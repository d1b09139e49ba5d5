import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readConfig, type ComposedConfig } from '@tass/config';
import { mostBytes, readOwnBytes } from '@tass/files';
import type { RunRecord } from './run';
import { RunError } from './run-error';

/** The configuration of a run, with `overrides`. Throws RunError if config.yaml has changed since the run started; ConfigError. */
export function readRunConfig(
  { folder, manifest }: Pick<RunRecord, 'folder' | 'manifest'>,
  overrides: readonly string[] = [],
): ComposedConfig {
  const file = join(folder, 'config.yaml');
  const config = readConfig(file, overrides);
  const begunWith = manifest.config?.sha256; // unknown for older runs
  const is = createHash('sha256').update(readOwnBytes(file, mostBytes.small)).digest('hex');
  if (begunWith === undefined || begunWith === is) return config;
  throw new RunError(
    `${file} has changed since the run started: its sha256 is ${is.slice(0, 12)}, manifest.json has ${begunWith.slice(0, 12)}. ` +
      'Undo the change, or train a new run with it',
  );
}
