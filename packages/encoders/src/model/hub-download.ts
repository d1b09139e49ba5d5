import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { onDisk } from '@tass/files';
import { byHand, type HubFile, nameOf, PassingError, requestFile } from './hub-request';

/** What came from the hub. */
export interface Received {
  readonly bytes: number;
  readonly sha256: string;
  readonly commit: string | undefined; // that the revision stands for
}

export interface DownloadOptions {
  /** Told after each piece; `total` where the hub says it. `bytes` falls back when a download that broke off begins anew. */
  readonly onProgress?: (file: string, bytes: number, total: number | undefined) => void;
  readonly signal?: AbortSignal; // stops the download and throws its reason
}

const tries = 3;
const longestWait = 60; // seconds

/**
 * Writes a file of the hub to `path` and to the disk itself. Its length, and where the hub knows it its sha256, are checked.
 * What may pass (429, 5xx, a connection that breaks off) is tried three times in all. On failure `path` may hold a part.
 * Throws as `requestFile` does; DiskError; for a content that is not what the hub says; the signal's reason.
 */
export async function download(wanted: HubFile, path: string, options: DownloadOptions): Promise<Received> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await tryDownload(wanted, path, options);
    } catch (error) {
      options.signal?.throwIfAborted();
      const seconds = error instanceof PassingError ? (error.secondsToWait ?? 0.5 * 4 ** (attempt - 1)) : Infinity;
      if (attempt === tries || seconds > longestWait) throw error;
      await setTimeout(seconds * 1000, undefined, { signal: options.signal }).catch(() => options.signal?.throwIfAborted());
    }
  }
}

async function tryDownload(wanted: HubFile, path: string, { onProgress, signal }: DownloadOptions): Promise<Received> {
  const writing = <Result>(work: () => Result) => onDisk(`${nameOf(wanted)} cannot be written`, dirname(path), work);
  const hash = createHash('sha256');
  let bytes = 0;
  const descriptor = writing(() => openSync(path, 'w'));
  try {
    const answer = await requestFile(wanted, signal);
    for await (const piece of answer.pieces) {
      writing(() => writeFileSync(descriptor, piece));
      hash.update(piece);
      bytes += piece.length;
      onProgress?.(wanted.file, bytes, answer.bytes);
    }
    writing(() => fsyncSync(descriptor));
    const sha256 = hash.digest('hex');
    if (answer.bytes !== undefined && bytes !== answer.bytes)
      throw new PassingError(`${nameOf(wanted)}: ${bytes} bytes came, expected ${answer.bytes}. ${byHand(wanted)}`);
    if (answer.sha256 !== undefined && sha256 !== answer.sha256)
      throw new Error(`${nameOf(wanted)}: what came has sha256 ${sha256}, expected ${answer.sha256}. Something changes it on its way. ${byHand(wanted)}`); // prettier-ignore
    return { bytes, sha256, commit: answer.commit };
  } finally {
    closeSync(descriptor);
  }
}
