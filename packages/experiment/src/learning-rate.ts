import { constant, cosine, oneCycle, stepDecay, type Schedule } from '@tass/optimizers';
import type { Experiment } from './schema';

/** The factor for an experiment's learning rate. `steps`: updates of the whole run. */
export function scheduleOf({ optimizer: { schedule } }: Experiment, steps: number): Schedule {
  switch (schedule.kind) {
    case 'constant':
      return constant;
    case 'step':
      return stepDecay(schedule);
    case 'cosine':
      return cosine({ ...schedule, steps });
    case 'one-cycle':
      return oneCycle({ steps, warmUp: schedule.warmUp });
  }
}
