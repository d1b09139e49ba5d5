import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { MlflowClient, type ClientOptions } from '../mlflow/client';
import type { MlflowServer } from '../mlflow/server';
import { syncRun } from '../mlflow/sync-run';
import { syncSweepOf } from '../mlflow/sync-sweep';
import { sampleSystem } from './sample-system';

/** The input of the thread. */
export interface MirrorWork {
  readonly folder: string;
  readonly server: MlflowServer;
  readonly syncSeconds: number; // how often it checks for changes
  readonly sampleSeconds: number; // between two samples of the system
}

/** `changed`: check now; `finish`: the run is over, send the rest within so many seconds; `abort`: end at once. */
export type MirrorOrder = { readonly kind: 'changed' } | { readonly kind: 'finish'; readonly seconds: number } | { readonly kind: 'abort' };

/** Sent after each attempt: the problem, if any; `isLast` on the last attempt, `isOver` if the thread has nothing left to do. */
export interface MirrorReport {
  readonly trouble: string | undefined;
  readonly isLast: boolean;
  readonly isOver: boolean;
}

const LONGEST_PAUSE = 60;
const BLIP_SECONDS = 3; // shorter faults are not reported

/** Sends the run repeatedly until it receives `finish`; reports errors and retries. */
async function mirror({ folder, server, syncSeconds, sampleSeconds }: MirrorWork, port: MessagePort): Promise<void> {
  const orders = new Orders(port);
  const stopSampling = sampleSystem(folder, sampleSeconds);
  const clientWith = (options: ClientOptions) => new MlflowClient(server, { ...options, signal: orders.aborted });
  const attempt = async (isOver: boolean, options: ClientOptions): Promise<string | undefined> => {
    try {
      const { left, deleted } = await syncRun(folder, clientWith(options), { isOver });
      return deleted ? 'the run was deleted there' : left.join('; ') || undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
  const report = (trouble: string | undefined, { isLast = false, isOver = false } = {}) =>
    port.postMessage({ trouble, isLast, isOver } satisfies MirrorReport);

  let failures = 0;
  while (orders.finish === undefined) {
    orders.taken();
    const trouble = await attempt(false, { patienceSeconds: BLIP_SECONDS });
    report(trouble);
    failures = trouble === undefined ? 0 : failures + 1;
    if (failures === 0) await orders.next(syncSeconds);
    else await orders.finishing(Math.min(2 ** (failures - 1), LONGEST_PAUSE)); // a change does not shorten the pause after a failure
  }
  await stopSampling();
  const patienceSeconds = failures > 0 ? Math.min(orders.finish, 2) : orders.finish / 2; // one part may use it up; the others are then tried once
  const trouble = await attempt(true, { patienceSeconds });
  report(trouble, { isLast: true });
  // If the sweep's table cannot be written now, the next cell that ends writes it, or the sweep, which reports problems.
  if (trouble === undefined) await syncSweepOf(folder, clientWith({ patienceSeconds })).catch(() => undefined);
  report(trouble, { isLast: true, isOver: true });
  port.close();
}

/** Requests of the main thread. */
class Orders {
  finish: number | undefined;
  private readonly abort = new AbortController();
  private isNew = false;
  private wake: () => void = () => undefined;

  constructor(port: MessagePort) {
    port.on('message', (order: MirrorOrder) => {
      if (order.kind === 'changed') this.isNew = true;
      if (order.kind === 'finish') this.finish = order.seconds;
      if (order.kind === 'abort') this.abort.abort(new Error('the time to send it ran out'));
      this.wake();
    });
  }

  get aborted(): AbortSignal {
    return this.abort.signal;
  }

  taken(): void {
    this.isNew = false;
  }

  /** Waits for a change or the end, at most so long. */
  next = (seconds: number): Promise<void> => this.until(() => this.isNew || this.finish !== undefined, seconds);

  /** Waits for the end, at most so long. */
  finishing = (seconds: number): Promise<void> => this.until(() => this.finish !== undefined, seconds);

  private until(isEnough: () => boolean, seconds: number): Promise<void> {
    if (isEnough()) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.wake = () => undefined;
        resolve();
      };
      const timer = setTimeout(end, seconds * 1000);
      this.wake = () => isEnough() && end();
    });
  }
}

void mirror(workerData as MirrorWork, parentPort!);
