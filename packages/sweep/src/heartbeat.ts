import { Worker } from 'node:worker_threads';

// As text, so that it runs from the sources as from the build. It writes, as times that a client sets are the client's, not the file
// server's; what it cannot write now, on a full disk, it tries again.
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
 * Writes `file` every so many milliseconds, from a thread of its own: a computation may keep this thread's event loop waiting for minutes.
 * It ends with the process. Returns the function that ends it before.
 */
export function startHeartbeat(file: string, milliseconds: number): () => void {
  const thread = new Worker(program, { eval: true, workerData: { file, milliseconds } });
  thread.on('error', () => undefined); // without heartbeats the process is known by its number, or taken for gone: never a reason to die
  thread.unref();
  return () => void thread.terminate();
}
