import { execFile } from 'node:child_process';
import { appendFileSync, statfsSync } from 'node:fs';
import { cpus, freemem, totalmem } from 'node:os';
import { promisify } from 'node:util';
import { checkedLine } from '../journal-lines';
import { systemMetricsFile } from './system-metrics';

type Sample = Readonly<Record<string, number>>;

const run = promisify(execFile);
const MEGABYTE = 2 ** 20;

/**
 * Adds a record to the run's system.jsonl every `seconds`, with the names of MLflow's system metrics. Skips samples that cannot be taken or
 * written. Returns a function that stops it.
 */
export function sampleSystem(folder: string, seconds: number, gpuProgram = 'nvidia-smi'): () => Promise<void> {
  const processors = new ProcessorTime();
  const gpus = new Gpus(gpuProgram);
  let last: Promise<void> = Promise.resolve();
  const sample = async () => {
    const values = { ...processors.sample(), ...memory(), ...disk(folder), ...(await gpus.sample()) };
    const record = { time: Date.now(), values };
    try {
      appendFileSync(systemMetricsFile(folder), `${checkedLine(JSON.stringify(record), '').line}\n`);
    } catch {
      return; // the disk is full or the folder is missing: training will report it
    }
  };
  const timer = setInterval(() => (last = last.then(sample)), seconds * 1000);
  return async () => {
    clearInterval(timer);
    await last;
  };
}

/** Usage since the last sample in percent: of all processors for the machine, of one processor for this process. */
class ProcessorTime {
  private before = this.read();

  sample(): Sample {
    const { busy, all, own, time } = this.read();
    const { before } = this;
    this.before = { busy, all, own, time };
    return {
      ...(all > before.all && { 'system/cpu_utilization_percentage': (100 * (busy - before.busy)) / (all - before.all) }),
      'system/process_cpu_utilization_percentage': (100 * (own - before.own)) / (time - before.time),
    };
  }

  private read() {
    const times = cpus().map((cpu) => cpu.times);
    const all = times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0);
    const { user, system } = process.cpuUsage();
    return { busy: all - times.reduce((sum, { idle }) => sum + idle, 0), all, own: (user + system) / 1000, time: performance.now() };
  }
}

function memory(): Sample {
  const used = totalmem() - freemem();
  return {
    'system/system_memory_usage_megabytes': used / MEGABYTE,
    'system/system_memory_usage_percentage': (100 * used) / totalmem(),
    'system/process_memory_usage_megabytes': process.memoryUsage.rss() / MEGABYTE,
  };
}

/** The disk that holds the run. */
function disk(folder: string): Sample {
  try {
    const { bsize, blocks, bfree, bavail } = statfsSync(folder);
    const used = blocks - bfree;
    return {
      'system/disk_usage_megabytes': (used * bsize) / MEGABYTE,
      'system/disk_usage_percentage': (100 * used) / (used + bavail),
      'system/disk_available_megabytes': (bavail * bsize) / MEGABYTE,
    };
  } catch {
    return {};
  }
}

/** From nvidia-smi; if that does not exist, it is tried only once. */
class Gpus {
  private areThere = true;

  constructor(private readonly program: string) {}

  async sample(): Promise<Sample> {
    if (!this.areThere) return {};
    try {
      const query = ['--query-gpu=utilization.gpu,memory.used,memory.total,power.draw', '--format=csv,noheader,nounits'];
      const { stdout } = await run(this.program, query, { timeout: 5000 });
      return Object.assign({}, ...stdout.trim().split('\n').map(gpuSample)) as Sample;
    } catch {
      this.areThere = false;
      return {};
    }
  }
}

/** A line as `87, 5120, 81559, 310.52`; a figure that the card does not report is `[N/A]`. */
function gpuSample(line: string, gpu: number): Sample {
  const [utilization, used, total, power] = line.split(',').map((text) => Number(text.trim() || NaN));
  const values = {
    [`system/gpu_${gpu}_utilization_percentage`]: utilization,
    [`system/gpu_${gpu}_memory_usage_megabytes`]: used,
    [`system/gpu_${gpu}_memory_usage_percentage`]: (100 * used) / total,
    [`system/gpu_${gpu}_power_usage_watts`]: power,
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => Number.isFinite(value)));
}
