import type { Leaderboard, RunCost } from './leaderboard';
import type { MethodFigures } from './method-figures';
import { spread } from './spread';

/** The cost of each method, means over seeds: a line for each with a known figure. */
export const costFigures = ({ methods }: Pick<Leaderboard, 'methods'>): MethodFigures => ({
  title: 'Cost of each method',
  note: 'The table counts trained parameters only. Training time covers the training steps, without scoring and without the pauses of a resumed run.\nPeak memory is the resident memory of the training process, without GPU memory. Time and memory depend on the machine and its other load.',
  headers: ['parameters', 'training time', 'peak memory'],
  lines: methods.flatMap(({ name, runs }) => {
    const known = (key: keyof RunCost): number[] => runs.flatMap(({ cost }) => cost[key] ?? []);
    const cells = [amount(known('parameters')), duration(known('trainingSeconds')), amount(known('peakMegabytes'), ' MiB')];
    return cells.every((text) => text === '-') ? [] : [{ name, cells }];
  }),
});

const amount = (values: readonly number[], unit = ''): string => shown(values, (value) => Math.round(value).toLocaleString('en'), unit);

/** `8.4 ± 0.1 s`, `12.5 min`, `3.2 h` */
function duration(seconds: readonly number[]): string {
  const most = Math.max(...seconds);
  const [unit, size] = most < 100 ? [' s', 1] : most < 6000 ? [' min', 60] : [' h', 3600];
  return shown(seconds, (value) => (value / size).toFixed(1), unit);
}

function shown(values: readonly number[], show: (value: number) => string, unit: string): string {
  if (values.length === 0) return '-';
  return (values.every((value) => value === values[0]) ? show(values[0]) : spread(values, show)) + unit;
}
