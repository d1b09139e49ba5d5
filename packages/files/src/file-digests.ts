import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { writeCacheFile } from './disk';
import { sealedJson, trySealedFile } from './seal';

/** A file of a folder whose SHA-256 is known: of its content with this stamp. */
interface Known {
  readonly stamp: string;
  readonly sha256: string;
}

/**
 * SHA-256 of the files of a folder, computed by a thread next to other work. What was computed is remembered in `file` for as long as size,
 * times (mtime, ctime) and inode stay, so that it is computed once for many programs; `file` can be deleted at any time.
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

  /** Of the file of that name as it is now. Rejects where it cannot be read, or changes all the time. */
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

  /** Whether the digest of the file as it is now is known. */
  isKnown(name: string): boolean {
    return this.known.get(name)?.stamp === stampOf(join(this.folder, name));
  }

  /** Keeps what was computed; a disk that refuses only keeps nothing. */
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

// As text, so that it runs from the sources as from the build.
const program = `
  const { createHash } = require('node:crypto');
  const { closeSync, openSync, readSync } = require('node:fs');
  const { parentPort } = require('node:worker_threads');
  const buffer = Buffer.alloc(1 << 20);
  parentPort.on('message', ({ number, path }) => {
    try {
      const hash = createHash('sha256');
      const descriptor = openSync(path, 'r');
      try {
        for (let got; (got = readSync(descriptor, buffer)) > 0; ) hash.update(buffer.subarray(0, got));
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

/** One file after the other. The thread keeps the process alive only while it is waited for. */
function digestByThread(path: string): Promise<string> {
  thread ??= startThread();
  const worker = thread;
  return new Promise((resolve, reject) => {
    const number = asked++;
    waiting.set(number, { resolve, reject });
    worker.ref();
    worker.postMessage({ number, path });
  });
}

function startThread(): Worker {
  const worker = new Worker(program, { eval: true });
  worker.on('message', ({ number, sha256, error, code }: Answer) => {
    const one = waiting.get(number);
    waiting.delete(number);
    if (waiting.size === 0) worker.unref();
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
