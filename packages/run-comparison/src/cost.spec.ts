import { costOf } from './cost';

const record = (epoch: number, values: Record<string, number>) => ({ step: epoch, epoch, time: epoch, values });

it('adds up the epochs by their rates, one without a rate as the others, and takes the highest memory', () => {
  const journal = [
    record(1, { 'val/accuracy/All': 0, 'throughput/questionsPerSecond': 100, 'system/process_peak_memory_megabytes': 300 }),
    record(2, { 'val/accuracy/All': 30, 'throughput/questionsPerSecond': 50, 'system/process_peak_memory_megabytes': 420 }),
    record(3, { 'val/accuracy/All': 31, 'system/process_peak_memory_megabytes': 250 }), // resumed
    record(3, { 'test/accuracy/All': 31 }),
  ];
  expect(costOf(null, journal, 1000)).toEqual({ parameters: null, trainingSeconds: 45, peakMegabytes: 420 });
});

it('does not know what an older journal lacks', () =>
  expect(costOf(null, [record(1, { 'val/accuracy/All': 30 })], 1000)).toEqual({
    parameters: null,
    trainingSeconds: null,
    peakMegabytes: null,
  }));
