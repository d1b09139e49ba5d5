import type { ProjectSettings } from '@tass/config';
import { dataDigests, neededFeatures, openData, type Experiment } from '@tass/experiment';

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
      const key = dataKey(experiment);
      if (!this.groups.has(key)) this.groups.set(key, { experiment, digests: this.existing(experiment) });
    }
  }

  /** Undefined where not all of it is there yet. */
  digestsOf(experiment: Experiment): Digests | undefined {
    return this.groups.get(dataKey(experiment))?.digests;
  }

  /** One experiment for each part that is not there. */
  missing(): Experiment[] {
    return [...this.groups.values()].filter(({ digests }) => digests === undefined).map(({ experiment }) => experiment);
  }

  /** To be called when the data of `experiment` was made. Throws the error of opening it. */
  lookAgain(experiment: Experiment): void {
    this.groups.get(dataKey(experiment))!.digests = dataDigests(openData(experiment, this.settings));
  }

  private existing(experiment: Experiment): Digests | undefined {
    try {
      return dataDigests(openData(experiment, this.settings));
    } catch {
      return undefined; // made before the first cell, where it can be; there the error counts
    }
  }
}

/** Equal for experiments that share their data. */
export const dataKey = (experiment: Experiment): string =>
  JSON.stringify([experiment.dataset, experiment.features, neededFeatures(experiment)]);
