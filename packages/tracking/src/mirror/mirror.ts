import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { MlflowServer } from '../mlflow/server';
import { unsent } from './unsent';
import type { MirrorOrder, MirrorReport, MirrorWork } from './mirror-worker';

/** A thread that keeps an MLflow server up to date with a run of this process. Nothing here throws or waits. */
export interface Mirror {
  /** Call this after `journal.commit()`. */
  changed(): void;
  /**
   * Call this at the end of the run, after writing its report or `markFailed` and before closing its folder. Waits at most about so many
   * seconds until the rest is sent. `message` has what is missing and what to do; undefined if nothing is missing.
   */
  finish(seconds: number): Promise<MirrorEnd>;
}

type MirrorEnd = { readonly complete: true; readonly message?: undefined } | { readonly complete: false; readonly message: string };

export interface MirrorOptions {
  readonly folder: string; // of the run
  readonly server: MlflowServer;
  readonly onTrouble?: (message: string) => void; // called once, the first time that something cannot be sent
  readonly syncSeconds?: number; // default 30
  readonly sampleSeconds?: number; // default 10
}

const GRACE_SECONDS = 10; // to release the lock; longer than a moment only on a slow machine
const workerFile = join(__dirname, `mirror-worker${extname(__filename)}`);

/** `execArgv`: of the thread; by default those of this process. */
export function startMirror(options: MirrorOptions, execArgv?: readonly string[]): Mirror {
  const { folder, server, onTrouble, syncSeconds = 30, sampleSeconds = 10 } = options;
  const work: MirrorWork = { folder, server, syncSeconds, sampleSeconds };
  const worker = new Worker(workerFile, { workerData: work, stdout: true, stderr: true, ...(execArgv && { execArgv: [...execArgv] }) });

  let trouble: string | undefined;
  let isSent = false;
  let isOver = false; // `finish` will report what is missing
  const ended = new Promise<void>((resolve) => {
    const fail = (message: string) => {
      if (trouble === undefined && !isOver) onTrouble?.(`${message}. Training continues, and the run folder has everything`);
      trouble = message;
    };
    worker.on('message', (report: MirrorReport) => {
      if (report.trouble !== undefined) fail(report.trouble);
      isSent = report.isLast && report.trouble === undefined;
      if (report.isOver) resolve();
    });
    worker.on('error', (error) => fail(`the thread that sends the run has ended: ${error.message}`));
    worker.on('exit', () => resolve());
  });
  worker.unref(); // after adding the listeners, which would undo it, so that a run that ends without `finish` still ends its process
  const order = (message: MirrorOrder) => worker.postMessage(message);

  return {
    changed: () => order({ kind: 'changed' }),
    async finish(seconds) {
      isOver = true;
      order({ kind: 'finish', seconds });
      await within(ended, seconds);
      const reason = trouble; // ending it is no reason
      order({ kind: 'abort' });
      await within(ended, GRACE_SECONDS);
      await worker.terminate();
      return isSent ? { complete: true } : { complete: false, message: unsent(folder, server, reason) };
    },
  };
}

function within(work: Promise<void>, seconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, seconds * 1000); // also keeps the process alive
    void work.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
