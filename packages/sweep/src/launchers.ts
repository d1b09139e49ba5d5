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
  readonly label: string; // begins the names of its jobs where others see them
  readonly say: (line: string) => void; // is told what hinders the launcher
  readonly settings: ProjectSettings; // of this process, which jobs elsewhere have to work with too
}

/** The launcher that the configuration asks for. Throws SlurmError where there is no Slurm, or it refuses the configuration. */
export function createLauncher(config: LauncherConfig, place: LauncherPlace): Launcher {
  if (config.kind === 'slurm') return createSlurmLauncher(config, { ...place, environment: jobEnvironment(place.settings) });
  const found = config.gpus ? config.gpus.map(String) : findGpus();
  return new LocalLauncher({ jobs: config.jobs, gpus: config.gpus || found.length > 0 ? found : undefined });
}

/** CPU threads that each job may use; undefined where its launcher leaves it to the job. */
export function threadsPerJob(config: LauncherConfig): number | undefined {
  return config.kind === 'slurm' ? config.cpus : (config.threads ?? threadShare(config.jobs));
}
