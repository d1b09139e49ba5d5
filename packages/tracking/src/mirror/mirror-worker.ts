import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { MlflowClient, type ClientOptions } from '../mlflow/client';
import type { MlflowServer } from '../mlflow/server';
import { syncRun } from '../mlflow/sync-run';
import { syncSweepOf } from '../mlflow/sync-sweep';
import { sampleSystem } from './sample-system';

/** What the thread is given. */
export interface MirrorWork {
  readonly folder: string;
  readonly server: MlflowServer;
  readonly syncSeconds: number; // how often it looks for something new by itself
  readonly sampleSeconds: number; // between two samples of the system
}

/** `changed`: there is something new; `finish`: the run is over, send the rest within so many seconds; `abort`: end at once. */
export type MirrorOrder = { readonly kind: 'changed' } | { readonly kind: 'finish'; readonly seconds: number } | { readonly kind: 'abort' };

/** After each try: what is wrong, if anything is; `isLast` with the last one, `isOver` when the thread has nothing left to do. */
export interface MirrorReport {
  readonly trouble: string | undefined;
  readonly isLast: boolean;
  readonly isOver: boolean;
}

const LONGEST_PAUSE = 60;
const BLIP_SECONDS = 3; // a fault that is over by then is none to speak of

/** Sends the run again and again until told to finish; whatever goes wrong is reported and tried again. */
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
    else await orders.finishing(Math.min(2 ** (failures - 1), LONGEST_PAUSE)); // something new is no reason to ask a sick server sooner
  }
  await stopSampling();
  const patienceSeconds = failures > 0 ? Math.min(orders.finish, 2) : orders.finish / 2; // one part may use it up, the others follow
  const trouble = await attempt(true, { patienceSeconds });
  report(trouble, { isLast: true });
  // Where the sweep's table cannot be written now, the next cell that ends does it, or the sweep, which says what it cannot.
  if (trouble === undefined) await syncSweepOf(folder, clientWith({ patienceSeconds })).catch(() => undefined);
  report(trouble, { isLast: true, isOver: true });
  port.close();
}

/** What the main thread asks for. */
class Orders {
  finish: number | undefined;
  private readonly abort = new AbortController();
  private isNew = false;
  private wake: () => void = () => undefined;

  constructor(port: MessagePort) {
    port.on('message', (order: MirrorOrder) => {
      if (order.kind === 'changed') this.isNew = true;
      if (order.kind === 'finish') this.finish = order.seconds;
      if (order.kind === 'abort') this.abort.abort(new Error('the time to send it was up'));
      this.wake();
    });
  }

  get aborted(): AbortSignal {
    return this.abort.signal;
  }

  taken(): void {
    this.isNew = false;
  }

  /** Waits for something new or the end, at most so long. */
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
