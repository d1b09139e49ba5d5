import { Worker } from 'node:worker_threads';

// As text, so that it runs from the sources as well as from the build. It writes instead of setting times, because times that a client sets
// come from the client's clock, not the file server's. A write that fails, for example on a full disk, is tried again.
const program = `
  const { closeSync, fsyncSync, openSync, writeSync } = require('node:fs');
  const { workerData } = require('node:worker_threads');
  setInterval(() => {
    try {
      const descriptor = openSync(workerData.file, 'r+');
      try {
        writeSync(descriptor, '.', 0);
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
    } catch {}
  }, workerData.milliseconds);
`;

/**
 * Writes `file` every so many milliseconds from a separate thread, because a computation may block this thread's event loop for minutes. It
 * ends with the process, or when the returned function is called.
 */
export function startHeartbeat(file: string, milliseconds: number): () => void {
  const thread = new Worker(program, { eval: true, workerData: { file, milliseconds } });
  thread.on('error', () => undefined); // without heartbeats, the process is looked up or counts as gone; that is no reason to stop it
  thread.unref();
  return () => void thread.terminate();
}
