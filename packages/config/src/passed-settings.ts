import { z } from 'zod';
import { ConfigError } from './config-error';
import type { ProjectSettings } from './project-settings';

/** The environment variable in which a sweep passes its resolved settings, as JSON, to jobs that may see neither its variables nor its shell. */
export const settingsVariable = 'TASS_SETTINGS';

const schema = z.object({
  root: z.string(),
  file: z.string().optional(),
  experiments: z.string(),
  runs: z.string(),
  data: z.string(),
  launcher: z.string(),
  tracking: z.object({ uri: z.string().nullable() }),
});

/** The settings that a sweep passed to this process, if one did. Throws ConfigError. */
export function passedSettings(environment: NodeJS.ProcessEnv): ProjectSettings | undefined {
  const text = environment[settingsVariable];
  if (!text) return undefined;
  try {
    const { file, ...settings } = schema.parse(JSON.parse(text));
    return { ...settings, file };
  } catch {
    throw new ConfigError([`${settingsVariable} has no settings. Only sweeps set it, for their jobs: unset it`]);
  }
}
