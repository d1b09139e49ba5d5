import { settingsVariable, type ProjectSettings } from '@tass/config';
import { shellWord } from '@tass/program';
import { jobVariable } from '../attempt';

/** The variables that this project's programs read: its own, those of MLflow, the model hub and Node.js, proxies, certificates, caches. */
const names = /^(TASS|MLFLOW|HF|NODE)_\w+$|^(HTTPS?|NO|ALL)_PROXY$|^(XDG_CACHE_HOME|SSL_CERT_FILE|SSL_CERT_DIR)$/i;

/** Whether a variable of this process is passed to its jobs. */
export const isForJobs = (name: string): boolean => names.test(name) && name !== jobVariable;

/**
 * The variables that a job needs to work like its parent, whatever Slurm exports (SBATCH_EXPORT=NONE: nothing). They may contain passwords.
 */
export function jobEnvironment(settings: ProjectSettings, environment: NodeJS.ProcessEnv = process.env): Readonly<Record<string, string>> {
  const inherited = Object.entries(environment).filter(([name]) => isForJobs(name));
  return {
    ...(Object.fromEntries(inherited) as Record<string, string>),
    TASS_DATA: settings.data,
    [settingsVariable]: JSON.stringify(settings),
  };
}

/** As lines of bash. */
export const exportLines = (environment: Readonly<Record<string, string>>): string =>
  Object.entries(environment).map(([name, value]) => `export ${name}=${shellWord(value)}\n`).join(''); // prettier-ignore
