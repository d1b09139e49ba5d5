import type { ProjectSettings } from '@tass/config';
import { z } from 'zod';
import type { Launcher } from './launcher';
import { localLauncherSchema } from './local-config';
import { LocalLauncher } from './local-launcher';
import { findGpus, threadShare } from './local-resources';
import { jobEnvironment } from './slurm/job-environment';
import { slurmLauncherSchema } from './slurm/slurm-config';
import { createSlurmLauncher } from './slurm/slurm-launcher';

/** Key `launcher` of a sweep. */
export const launcherSchema = z.discriminatedUnion('kind', [localLauncherSchema, slurmLauncherSchema]);

export type LauncherConfig = z.output<typeof launcherSchema>;

export interface LauncherPlace {
  readonly folder: string; // of the sweep
  readonly label: string; // prefix of its jobs' names where other users see them
  readonly say: (line: string) => void; // receives problems of the launcher
  readonly settings: ProjectSettings; // of this process; jobs elsewhere need it too
}

/** The configured launcher. Throws SlurmError if there is no Slurm, or Slurm refuses the configuration. */
export function createLauncher(config: LauncherConfig, place: LauncherPlace): Launcher {
  if (config.kind === 'slurm') return createSlurmLauncher(config, { ...place, environment: jobEnvironment(place.settings) });
  const found = config.gpus ? config.gpus.map(String) : findGpus();
  return new LocalLauncher({ jobs: config.jobs, gpus: config.gpus || found.length > 0 ? found : undefined });
}

/** CPU threads that each job may use; undefined if its launcher leaves it to the job. */
export function threadsPerJob(config: LauncherConfig): number | undefined {
  return config.kind === 'slurm' ? config.cpus : (config.threads ?? threadShare(config.jobs));
}
