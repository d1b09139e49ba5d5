import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import type { CodeRevision } from './code-revision';

/** Everything a run was made with: enough to decide whether two runs can be compared, and to repeat one. */
export interface RunManifest {
  readonly id: string;
  readonly experiment: string;
  readonly createdAt: string; // ISO 8601, UTC
  readonly seed: number;
  readonly overrides: readonly string[];
  readonly code: CodeRevision | null; // of the code that ran
  readonly codeUnknown?: string; // why there is none
  readonly trainingCode?: string; // digest of the files of this project that its training loads; absent in earlier runs
  readonly packageLock: string | null; // SHA-256 of package-lock.json
  readonly node: string;
  readonly machine: Machine;
  readonly engine: Readonly<Record<string, string | number | boolean>>; // as backend, version, threads
  readonly features: Readonly<Record<string, string>>; // hash of each feature store's manifest, by encoder
  readonly datasets: Readonly<Record<string, string>>; // digest by split or file
  readonly initialize?: { readonly run: string; readonly sha256: string }; // the run, and its file, from whose parameters this one started
  readonly sweep?: SweepOfRun; // the sweep that this run was made for
  readonly cell?: string; // address of the sweep's cell that it computes
  readonly config?: ConfigDigests; // absent in runs from before digests
}

interface ConfigDigests {
  readonly sha256: string; // of config.yaml
  readonly identity?: string; // of everything in it that decides the result; checkpoints have the same digest
}

/** Whether a value has the keys that readers of a run need. */
export function isManifest(value: unknown): value is RunManifest {
  const isMap = (one: unknown): boolean => one !== null && typeof one === 'object' && !Array.isArray(one);
  if (!isMap(value)) return false;
  const { id, experiment, createdAt, seed, overrides, code, engine, features, datasets } = value as Record<keyof RunManifest, unknown>;
  return (
    [id, experiment, createdAt].every((one) => typeof one === 'string' && one !== '') &&
    typeof seed === 'number' &&
    Array.isArray(overrides) &&
    overrides.every((one) => typeof one === 'string') &&
    (code === null || isMap(code)) &&
    [engine, features, datasets].every(isMap)
  );
}

export interface SweepOfRun {
  readonly id: string;
  readonly experiment: string; // whose grid it is
  readonly folder: string; // the folder of its sweep.json, relative to the runs folder
}

export interface Machine {
  readonly platform: string;
  readonly arch: string;
  readonly cpu: string;
  readonly cpus: number;
  readonly memoryBytes: number;
}

/** SHA-256 of package-lock.json at `project`, or null. */
export function packageLockDigest(project: string): string | null {
  const file = join(project, 'package-lock.json');
  return existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : null;
}

export function thisMachine(): Machine {
  const processors = cpus();
  return {
    platform: platform(),
    arch: arch(),
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cpus: processors.length,
    memoryBytes: totalmem(),
  };
}
