import type { ProjectSettings } from '@tass/config';
import { dataDigests, neededFeatures, openData, type Experiment } from '@tass/experiment';

type Digests = Readonly<Record<string, string>>;

/** Experiments that share their data, which is made once. */
interface Group {
  readonly experiment: Experiment;
  digests: Digests | undefined; // undefined: the data is incomplete
}

/** The data of many experiments, inspected once for all that share it. */
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

  /** Undefined if the data is incomplete. */
  digestsOf(experiment: Experiment): Digests | undefined {
    return this.groups.get(dataKey(experiment))?.digests;
  }

  /** One experiment for each missing part. */
  missing(): Experiment[] {
    return [...this.groups.values()].filter(({ digests }) => digests === undefined).map(({ experiment }) => experiment);
  }

  /** Call this after making the data of `experiment`. Throws the error of opening it. */
  lookAgain(experiment: Experiment): void {
    this.groups.get(dataKey(experiment))!.digests = dataDigests(openData(experiment, this.settings));
  }

  private existing(experiment: Experiment): Digests | undefined {
    try {
      return dataDigests(openData(experiment, this.settings));
    } catch {
      return undefined; // made before the first cell if possible; the error is raised there
    }
  }
}

/** Equal for experiments that share their data. */
export const dataKey = (experiment: Experiment): string =>
  JSON.stringify([experiment.dataset, experiment.features, neededFeatures(experiment)]);
