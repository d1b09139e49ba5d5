import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { writeCacheFile } from './disk';
import { sealedJson, trySealedFile } from './seal';

/** A file with a known SHA-256, valid while its stamp stays the same. */
interface Known {
  readonly stamp: string;
  readonly sha256: string;
}

/**
 * SHA-256 of the files of a folder, computed by a thread that pauses for nine tenths of the time until somebody waits for it (`hurried`).
 * `file` caches the digests while size, times (mtime, ctime) and inode stay the same, so that many programs share them; it can be deleted
 * at any time.
 */
export class FileDigests {
  private readonly known: Map<string, Known>; // by name
  private isChanged = false;

  constructor(
    private readonly folder: string,
    private readonly file: string,
  ) {
    this.known = new Map(Object.entries(readKnown(file)));
  }

  /** The digest of the file's current content. Rejects if the file cannot be read or keeps changing. */
  async of(name: string): Promise<string> {
    const path = join(this.folder, name);
    for (let attempt = 0; attempt < 3; attempt++) {
      const stamp = stampOf(path);
      const known = this.known.get(name);
      if (known?.stamp === stamp) return known.sha256;
      const sha256 = await digestByThread(path);
      this.known.set(name, { stamp, sha256 });
      this.isChanged = true;
    }
    throw new Error(`${path} is being written: it changes while it is read`);
  }

  /** While `work` runs, files are read without pauses, and the process does not end before them. */
  async hurried<Result>(work: () => Promise<Result>): Promise<Result> {
    Atomics.add(hurry, 0, 1);
    Atomics.notify(hurry, 0);
    holdIfHurried();
    try {
      return await work();
    } finally {
      Atomics.sub(hurry, 0, 1);
      holdIfHurried();
    }
  }

  /** Whether the digest of the file's current content is known. */
  isKnown(name: string): boolean {
    return this.known.get(name)?.stamp === stampOf(join(this.folder, name));
  }

  /** Stores the digests; if the disk refuses, they are only not stored. */
  remember(): void {
    if (!this.isChanged) return;
    this.isChanged = false;
    try {
      writeCacheFile(this.file, sealedJson(Object.fromEntries(this.known), 1));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    }
  }
}

function readKnown(file: string): Record<string, Known> {
  const read = trySealedFile(file);
  return read?.isChecked ? (read.content as Record<string, Known>) : {};
}

/** Shows, without reading a file, whether it has changed. */
function stampOf(path: string): string {
  const { size, mtimeNs, ctimeNs, ino } = statSync(path, { bigint: true });
  return [size, mtimeNs, ctimeNs, ino].join(' ');
}

// As text, so that it runs from the sources as well as from the build.
const program = `
  const { createHash } = require('node:crypto');
  const { closeSync, openSync, readSync } = require('node:fs');
  const { parentPort, workerData: hurry } = require('node:worker_threads');
  const buffer = Buffer.alloc(1 << 20);
  const restAfter = (milliseconds) => Atomics.wait(hurry, 0, 0, 9 * milliseconds); // not at all while hurry is above 0
  parentPort.on('message', ({ number, path }) => {
    try {
      const hash = createHash('sha256');
      const descriptor = openSync(path, 'r');
      try {
        for (let got, began; (began = performance.now()), (got = readSync(descriptor, buffer)) > 0; restAfter(performance.now() - began))
          hash.update(buffer.subarray(0, got));
      } finally {
        closeSync(descriptor);
      }
      parentPort.postMessage({ number, sha256: hash.digest('hex') });
    } catch (error) {
      parentPort.postMessage({ number, error: error.message, code: error.code });
    }
  });
`;

interface Waiting {
  readonly resolve: (sha256: string) => void;
  readonly reject: (error: Error) => void;
}

interface Answer {
  readonly number: number;
  readonly sha256?: string;
  readonly error?: string;
  readonly code?: string;
}

const waiting = new Map<number, Waiting>();
let thread: Worker | undefined;
let asked = 0;
const hurry = new Int32Array(new SharedArrayBuffer(4)); // the number of callers waiting for the thread

function holdIfHurried(): void {
  if (hurry[0] > 0) thread?.ref();
  else thread?.unref();
}

/** One file after the other. */
function digestByThread(path: string): Promise<string> {
  thread ??= startThread();
  const worker = thread;
  holdIfHurried();
  return new Promise((resolve, reject) => {
    const number = asked++;
    waiting.set(number, { resolve, reject });
    worker.postMessage({ number, path });
  });
}

function startThread(): Worker {
  const worker = new Worker(program, { eval: true, workerData: hurry });
  worker.on('message', ({ number, sha256, error, code }: Answer) => {
    const one = waiting.get(number);
    waiting.delete(number);
    if (sha256 !== undefined) one?.resolve(sha256);
    else one?.reject(Object.assign(new Error(error), { code }));
  });
  worker.on('error', (error: Error) => {
    thread = undefined;
    for (const one of waiting.values()) one.reject(error);
    waiting.clear();
  });
  return worker;
}
