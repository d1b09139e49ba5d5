import { appendFileSync, chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '@tass/testing';
import { sampleSystem } from './sample-system';
import { readSystemMetrics } from './system-metrics';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tass-system-'))));
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function sampled(least: number, gpuProgram?: string) {
  const stop = sampleSystem(folder, 0.05, gpuProgram);
  await until(() => readSystemMetrics(folder).length >= least);
  await stop();
  return readSystemMetrics(folder);
}

it('samples processors, memory and disk by MLflow’s names', async () => {
  const records = await sampled(3);
  expect(records.map(({ step }) => step)).toEqual(records.map((_, index) => index));
  const last = records.at(-1)!;
  expect(Math.abs(last.time - Date.now())).toBeLessThan(300_000);
  const { values } = last;
  expect(values['system/system_memory_usage_percentage']).toBeGreaterThan(0);
  expect(values['system/system_memory_usage_percentage']).toBeLessThan(100);
  expect(values['system/process_memory_usage_megabytes']).toBeCloseTo(process.memoryUsage.rss() / 2 ** 20, -3);
  expect(values['system/disk_available_megabytes']).toBeGreaterThan(0);
  expect(values['system/disk_usage_percentage']).toBeLessThanOrEqual(100);
  expect(values['system/process_cpu_utilization_percentage']).toBeGreaterThanOrEqual(0);
});

it('asks nvidia-smi, and leaves out what a card does not tell', async () => {
  writeFileSync(join(folder, 'nvidia-smi'), '#!/bin/sh\necho "87, 5000, 80000, 310.52"\necho "[N/A], 20, 80000, [N/A]"\n');
  chmodSync(join(folder, 'nvidia-smi'), 0o755);
  const [{ values }] = await sampled(1, join(folder, 'nvidia-smi'));
  expect(Object.fromEntries(Object.entries(values).filter(([name]) => name.includes('gpu')))).toEqual({
    'system/gpu_0_utilization_percentage': 87,
    'system/gpu_0_memory_usage_megabytes': 5000,
    'system/gpu_0_memory_usage_percentage': 6.25,
    'system/gpu_0_power_usage_watts': 310.52,
    'system/gpu_1_memory_usage_megabytes': 20,
    'system/gpu_1_memory_usage_percentage': 0.025,
  });
});

it('passes over a line that does not match its check value', async () => {
  const [, before] = await sampled(2);
  const file = join(folder, 'system.jsonl');
  const lines = readFileSync(file, 'utf8').split('\n');
  writeFileSync(file, lines.map((line, at) => (at === 1 ? line.replace(/("time":)\d/, '$19') : line)).join('\n'));
  expect([before.time > 0, readSystemMetrics(folder)[1].values]).toEqual([true, {}]);
});

it('passes over a line that is none, and a folder that is gone', async () => {
  writeFileSync(join(folder, 'system.jsonl'), '{"time":1,"values":{"a":1}}\nwhat?\n{"time":2,"val');
  expect(readSystemMetrics(folder).map(({ values }) => values)).toEqual([{ a: 1 }, {}]);
  appendFileSync(join(folder, 'system.jsonl'), 'ues":{"a":2}}\n');
  expect(readSystemMetrics(folder)[2]).toEqual({ step: 2, epoch: 0, time: 2, values: { a: 2 } });
  appendFileSync(join(folder, 'system.jsonl'), 'null\n{"time":3}\n{"values":{"a":1}}\n');
  expect(
    readSystemMetrics(folder)
      .slice(3)
      .map(({ time, values }) => [time, values]),
  ).toEqual(Array(3).fill([0, {}]));
  const stop = sampleSystem(folder, 0.02);
  rmSync(folder, { recursive: true });
  await delay(100);
  await stop();
});
