import type { RunCost } from '@tass/leaderboard';
import type { MetricsRecord } from '@tass/tracking';

/**
 * The cost of a run, from the number of its parameters and its journal. `trained`: questions of an epoch. The journal has the rate of each
 * epoch, even if several processes trained it, so the sum excludes time in which no process worked on the run.
 */
export function costOf(parameters: number | null, journal: readonly MetricsRecord[], trained: number): RunCost {
  const valuesOf = (name: string): number[] => journal.map(({ values }) => values[name]).filter((value) => value > 0);
  const epochs = journal.filter(({ values }) => 'val/accuracy/All' in values).length; // a process without any step left has no rate
  const seconds = valuesOf('throughput/questionsPerSecond').map((rate) => trained / rate);
  const memory = valuesOf('system/process_peak_memory_megabytes');
  return {
    parameters,
    trainingSeconds: seconds.length === 0 || trained === 0 ? null : (sum(seconds) / seconds.length) * epochs,
    peakMegabytes: memory.length === 0 ? null : Math.max(...memory),
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
