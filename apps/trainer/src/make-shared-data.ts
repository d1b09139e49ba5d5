import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { toYaml, type ProjectSettings } from '@tass/config';
import { writeFileAtomically } from '@tass/files';
import { createLauncher, runJobs, SweepError, type Job, type LauncherConfig } from '@tass/sweep';
import { onStopSignal } from '@tass/program';
import { say } from '@tass/progress';
import type { SharedData } from './shared-data';

/**
 * Makes missing data through the launcher, one job after the other, each started as `main data FILE`. Returns false if a signal stopped it:
 * finished parts are kept, and the next call resumes. Throws SweepError with the end of a failed job's log, or the error of opening data
 * that cannot be made.
 */
export async function makeSharedData(data: SharedData, config: LauncherConfig, main: string, settings: ProjectSettings): Promise<boolean> {
  const missing = data.missing();
  if (missing.length === 0) return true;
  const folder = makeFolder(settings.runs);
  const launcher = createLauncher(config, { folder, label: 'data', say, settings });
  let isStopped = false;
  const stop = (reason: string): void => {
    say(reason);
    isStopped = true;
    launcher.stop().catch(({ message }: Error) => say(message));
  };
  const release = onStopSignal({
    ask: (signal) => stop(`${signal}: stopping the job that makes the data; a second signal kills it`),
    insist: (signal) => stop(`${signal}: the job that makes the data is killed`),
  });
  try {
    for (const [index, experiment] of missing.entries()) {
      const job = jobOf(`${index + 1}`, folder, main);
      writeFileAtomically(join(folder, `${index + 1}.yaml`), toYaml(experiment));
      say(`data: made by a job on ${launcher.description}; its log: ${job.log}`);
      const [failed] = await runJobs(launcher, [job]);
      if (isStopped) {
        say('stopped while the data was made; finished parts are kept. To resume: the same command again');
        break;
      }
      if (failed) throw new SweepError(`the data could not be made (${failed.how}):${failed.said}`);
      data.lookAgain(experiment);
    }
    rmSync(folder, { recursive: true }); // kept if a job failed, for its log
    return !isStopped;
  } finally {
    release();
  }
}

function makeFolder(runs: string): string {
  const parent = join(runs, '.sweeps');
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(join(parent, '.data-'));
}

const jobOf = (name: string, folder: string, main: string): Job => ({
  id: `${basename(folder).replaceAll(/[^A-Za-z0-9]/g, '')}-${name}`,
  name: 'data',
  main,
  words: ['data', join(folder, `${name}.yaml`)],
  folder,
  log: join(folder, `${name}.log`),
});
