import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { toYaml, type ProjectSettings } from '@tass/config';
import { dataDigests, neededFeatures, openData, type Experiment } from '@tass/experiment';
import { writeFileAtomically } from '@tass/files';
import { SweepError, type Job, type Launcher } from '@tass/sweep';

type Digests = Readonly<Record<string, string>>;

/** Experiments whose data is the same, and which is therefore made once. */
interface Group {
  readonly experiment: Experiment;
  digests: Digests | undefined; // undefined: not all of it is there
}

/** The data of many experiments, looked at once for all that share it. */
export class SharedData {
  private readonly groups = new Map<string, Group>();

  constructor(
    experiments: readonly Experiment[],
    private readonly settings: ProjectSettings,
  ) {
    for (const experiment of experiments) {
      const key = keyOf(experiment);
      if (!this.groups.has(key)) this.groups.set(key, { experiment, digests: this.existing(experiment) });
    }
  }

  /** Undefined where not all of it is there yet. */
  digestsOf(experiment: Experiment): Digests | undefined {
    return this.groups.get(keyOf(experiment))?.digests;
  }

  isThere(): boolean {
    return [...this.groups.values()].every(({ digests }) => digests !== undefined);
  }

  /**
   * Makes what is missing through the launcher, one job after the other, whose files lie in `folder`.
   * Throws SweepError with the end of the log of a job that failed; of data that cannot be made, the error of opening it.
   */
  async make(launcher: Launcher, folder: string, main: string): Promise<void> {
    const missing = [...this.groups.values()].filter(({ digests }) => digests === undefined);
    for (const [index, group] of missing.entries()) {
      const config = join(folder, `${index + 1}.yaml`);
      const log = join(folder, `${index + 1}.log`);
      writeFileAtomically(config, toYaml(group.experiment));
      const id = `${basename(folder).replaceAll(/[^A-Za-z0-9]/g, '')}-${index + 1}`;
      await runJob(launcher, { id, name: 'data', main, words: ['prepare', config], folder, log });
      group.digests = dataDigests(openData(group.experiment, this.settings));
    }
  }

  private existing(experiment: Experiment): Digests | undefined {
    try {
      return dataDigests(openData(experiment, this.settings));
    } catch {
      return undefined; // made before the first cell, where it can be; there the error counts
    }
  }
}

const keyOf = (experiment: Experiment): string => JSON.stringify([experiment.dataset, experiment.features, neededFeatures(experiment)]);

function runJob(launcher: Launcher, job: Job): Promise<void> {
  return new Promise((resolve, reject) =>
    launcher.launch([job], {
      started: () => undefined,
      ended: (_, outcome) => {
        if (outcome.kind === 'exited' && outcome.code === 0) return resolve();
        const how = outcome.kind === 'exited' ? `exit code ${outcome.code}` : outcome.kind === 'killed' ? outcome.signal : outcome.detail;
        reject(new SweepError(`the data could not be made (${how}):\n${lastLinesOf(job.log)}\nIts whole log: ${job.log}`));
      },
    }),
  );
}

const lastLinesOf = (log: string): string => (existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n').slice(-5).join('\n') : '');
