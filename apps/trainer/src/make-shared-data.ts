import { basename, join } from 'node:path';
import { toYaml, type ProjectSettings } from '@tass/config';
import { writeFileAtomically } from '@tass/files';
import { createLauncher, runJobs, SweepError, type Job, type LauncherConfig } from '@tass/sweep';
import { onStopSignal } from '@tass/program';
import { say } from '@tass/progress';
import { beginPreparation } from './preparation';
import type { SharedData } from './shared-data';

/** A sweep that needs data. */
interface PreparedSweep {
  readonly experiment: string; // that it was started with
  readonly launcher: LauncherConfig;
}

/**
 * Makes missing data through the launcher, one job after the other, each started as `main data FILE`. Returns false if a signal stopped it:
 * finished parts are kept, and the next call resumes. Throws SweepError with the end of a failed job's log, or the error of opening data
 * that cannot be made.
 */
export async function makeSharedData(
  data: SharedData,
  { experiment: ofSweep, launcher: config }: PreparedSweep,
  main: string,
  settings: ProjectSettings,
): Promise<boolean> {
  const missing = data.missing();
  if (missing.length === 0) return true;
  const { folder, end } = beginPreparation(settings.runs, ofSweep);
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
  let isMade = false;
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
    isMade = true;
    return !isStopped;
  } finally {
    end({ keep: !isMade }); // kept if a job failed, for its log
    release();
  }
}

const jobOf = (name: string, folder: string, main: string): Job => ({
  id: `${basename(folder).replaceAll(/[^A-Za-z0-9]/g, '')}-${name}`,
  name: 'data',
  main,
  words: ['data', join(folder, `${name}.yaml`)],
  folder,
  log: join(folder, `${name}.log`),
});
