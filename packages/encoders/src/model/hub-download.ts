import { createHash } from 'node:crypto';
import { closeSync, createReadStream, fsyncSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expectFreeSpace, mostBytes, onDisk, retry } from '@tass/files';
import { byHand, type HubAnswer, type HubFile, nameOf, PassingError, requestFile, UnusablePart } from './hub-request';

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
 * What may pass (429, 5xx, a connection that breaks off) is tried three times in all. A part that a stop, a kill or such a failure left at
 * `path` is resumed where the hub knows the file's sha256, and kept for the next time; any other failure removes it.
 * Throws as `requestFile` does; DiskError; for a content that is not what the hub says, as soon as it is longer; the signal's reason.
 */
export function download(wanted: HubFile, path: string, options: DownloadOptions): Promise<Received> {
  const { signal } = options;
  const pauseAfter = (error: unknown, failures: number) => {
    const isPassing = error instanceof PassingError;
    if (sizeOf(path) === 0 || error instanceof UnusablePart || !(isPassing || signal?.aborted)) rmSync(path, { force: true });
    signal?.throwIfAborted();
    const seconds = isPassing ? (error.secondsToWait ?? 0.5 * 4 ** (failures - 1)) : Infinity;
    return failures === tries || seconds > longestWait ? undefined : seconds;
  };
  return retry(() => tryDownload(wanted, path, options), pauseAfter, signal);
}

async function tryDownload(wanted: HubFile, path: string, { onProgress, signal }: DownloadOptions): Promise<Received> {
  const writing = <Result>(work: () => Result) => onDisk(`${nameOf(wanted)} cannot be written`, dirname(path), work);
  const here = sizeOf(path);
  const answer = await requestFile(wanted, here, signal);
  if (answer.from > 0 && answer.sha256 === undefined) throw new UnusablePart(`${nameOf(wanted)}: the part that is here cannot be checked`);
  const hash = createHash('sha256');
  let bytes = answer.from;
  if (bytes > 0) for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  const descriptor = writing(() => openSync(path, bytes > 0 ? 'a' : 'w'));
  try {
    for await (const piece of answer.pieces) {
      if (bytes === answer.from) expectRoom(wanted, answer, path); // in here: leaving the loop closes the connection
      const most = answer.bytes ?? mostOf(wanted);
      if (bytes + piece.length > most) throw new Error(`${nameOf(wanted)}: more than ${most} bytes came. ${byHand(wanted)}`);
      writing(() => writeFileSync(descriptor, piece));
      hash.update(piece);
      bytes += piece.length;
      onProgress?.(wanted.file, bytes, answer.bytes);
    }
    writing(() => fsyncSync(descriptor));
    const sha256 = hash.digest('hex');
    if (answer.bytes !== undefined && bytes !== answer.bytes)
      throw new PassingError(`${nameOf(wanted)}: ${bytes} bytes came, expected ${answer.bytes}. ${byHand(wanted)}`);
    if (answer.sha256 !== undefined && sha256 !== answer.sha256) {
      const told = `${nameOf(wanted)}: what came has sha256 ${sha256}, expected ${answer.sha256}`;
      throw answer.from > 0 ? new UnusablePart(told) : new Error(`${told}. Something changes it on its way. ${byHand(wanted)}`);
    }
    return { bytes, sha256, commit: answer.commit };
  } finally {
    closeSync(descriptor);
  }
}

const mostOf = ({ file }: HubFile): number => (/\.(?:json|txt)$/.test(file) ? mostBytes.record : mostBytes.weights);

/** Throws where the file has more bytes than any of a model, by the hub's word, or than the disk has room for. */
function expectRoom(wanted: HubFile, { bytes = 0, from }: HubAnswer, path: string): void {
  if (bytes > mostOf(wanted))
    throw new Error(`${nameOf(wanted)}: has ${bytes} bytes, expected at most ${mostOf(wanted)}. ${byHand(wanted)}`);
  expectFreeSpace(`${nameOf(wanted)} cannot be written`, dirname(path), bytes - from);
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
