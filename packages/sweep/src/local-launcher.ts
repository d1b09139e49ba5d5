import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Job, JobOutcome, Launcher, LaunchEvents } from './launcher';

export interface LocalLauncherOptions {
  readonly jobs: number; // at once
  readonly gpus?: readonly string[]; // assigned to the jobs in turn; an empty list: none; undefined: jobs see the GPUs of this process
}

interface Waiting {
  readonly job: Job;
  readonly events: LaunchEvents;
}

/**
 * Runs jobs as processes of this machine. Each leads its own process group: Ctrl-C in the terminal reaches only the parent, which sends
 * each job one SIGTERM, and a job outlives a killed parent.
 */
export class LocalLauncher implements Launcher {
  readonly description: string;
  private readonly waiting: Waiting[] = [];
  private readonly running = new Map<number, ChildProcess>(); // by slot
  private idle: (() => void)[] = []; // callers that wait for the last job's end
  private stopped = false;

  constructor(private readonly options: LocalLauncherOptions) {
    const { jobs, gpus = [] } = options;
    const devices = gpus.length > 0 ? `, GPU ${gpus.join(', ')}` : '';
    this.description = `this machine, ${jobs === 1 ? '1 job' : `${jobs} jobs`} at once${devices}`;
  }

  launch(jobs: readonly Job[], events: LaunchEvents): void {
    this.waiting.push(...jobs.map((job) => ({ job, events })));
    setImmediate(() => this.fill());
  }

  stop(): Promise<void> {
    for (const { job, events } of this.waiting.splice(0)) {
      setImmediate(() => events.ended(job, { kind: 'cancelled', detail: 'it had not begun' }));
    }
    for (const child of this.running.values()) {
      if (this.stopped) killGroup(child);
      else child.kill('SIGTERM');
    }
    this.stopped = true;
    return new Promise((resolve) => {
      this.idle.push(resolve);
      setImmediate(() => this.rest());
    });
  }

  private fill(): void {
    for (let slot = 0; slot < this.options.jobs && this.waiting.length > 0; slot++) {
      if (this.running.has(slot)) continue;
      const { job, events } = this.waiting.shift() as Waiting;
      this.start(job, events, slot);
    }
  }

  private start(job: Job, events: LaunchEvents, slot: number): void {
    const end = (outcome: JobOutcome): void => {
      this.running.delete(slot);
      events.ended(job, outcome);
      this.fill();
      this.rest();
    };
    try {
      const child = startProcess(job, this.gpuOf(slot));
      this.running.set(slot, child);
      child.once('spawn', () => events.started(job, `process ${child.pid}`));
      child.once('error', ({ message }) => child.pid === undefined && end({ kind: 'lost', detail: message })); // also raised by kill
      child.once('exit', (code, signal) => end(code === null ? { kind: 'killed', signal: String(signal) } : { kind: 'exited', code }));
    } catch (error) {
      setImmediate(() => end({ kind: 'lost', detail: (error as Error).message }));
    }
  }

  private gpuOf(slot: number): Record<string, string> {
    const { gpus } = this.options;
    return gpus ? { CUDA_VISIBLE_DEVICES: gpus[slot % gpus.length] ?? '' } : {};
  }

  private rest(): void {
    if (this.running.size > 0 || this.waiting.length > 0) return;
    for (const resolve of this.idle.splice(0)) resolve();
  }
}

function startProcess({ main, words, log, environment }: Job, gpu: Record<string, string>): ChildProcess {
  mkdirSync(dirname(log), { recursive: true });
  const output = openSync(log, 'a');
  try {
    return spawn(process.execPath, [main, ...words], {
      env: { ...process.env, ...gpu, ...environment },
      stdio: ['ignore', output, output],
      detached: true,
    });
  } finally {
    closeSync(output);
  }
}

/** With what it has started itself. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
