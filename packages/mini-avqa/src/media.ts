import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mostBytes, readOwnBytes } from '@tass/files';
import type { PlannedVideo } from './plan-world';
import { renderFrame } from './render';
import { drawScene, frameSize, seconds } from './scene';
import { renderSound, sampleRate, toInt16 } from './sound';
import { encodeWav, wavLength } from './wav';
import { partial, writing } from './world-error';

const jpeg = { quality: 95, chromaSubsampling: '4:4:4' } as const;
const endOfJpeg = Buffer.from([0xff, 0xd9]);
const frameName = (second: number) => `${String(second + 1).padStart(6, '0')}.jpg`;

/** Where the frames and the sound of a video are under the world's root. */
const framesFolder = (root: string, id: string): string => join(root, 'frames', id);
const soundFile = (root: string, id: string): string => join(root, 'audio', `${id}.wav`);

/** Loaded when the first video is drawn: an existing world does not need it. */
async function loadSharp(): Promise<typeof import('sharp')> {
  const { default: sharp } = await import('sharp');
  sharp.concurrency(1); // the frames are many and small: one thread each
  return sharp;
}

/**
 * Draws and writes frames and sound of a video, each under a temporary name until it is whole, and gives the digest of both. Not synced to the
 * disk, because a lost or damaged file is found by that digest and drawn again.
 * Throws WorldError that names the path which cannot be written.
 */
export async function writeVideo(root: string, { id, seed }: PlannedVideo): Promise<string> {
  const scene = drawScene(seed);
  const folder = framesFolder(root, id);
  const sharp = await loadSharp();
  const encoded = Array.from({ length: seconds }, (_, second) =>
    sharp(renderFrame(scene, second), { raw: { width: frameSize, height: frameSize, channels: 3 } })
      .jpeg(jpeg)
      .toBuffer(),
  );
  const wav = encodeWav(toInt16(renderSound(scene)), sampleRate); // while the frames are encoded by other threads
  const [sound, frames] = [soundFile(root, id), await Promise.all(encoded)];
  await writing(folder, async () => {
    await rm(folder + partial, { recursive: true, force: true });
    await mkdir(folder + partial);
    await Promise.all(frames.map((bytes, second) => writeFile(join(folder + partial, frameName(second)), bytes)));
    await rm(folder, { recursive: true, force: true });
    await rename(folder + partial, folder);
  });
  await writing(sound, async () => {
    await writeFile(sound + partial, wav);
    await rename(sound + partial, sound);
  });
  return digestOf([...frames, wav]);
}

/** sha256 of the frames and the sound of a video, as `writeVideo` gives it; undefined if one of them is missing. */
export function videoDigest(root: string, id: string): string | undefined {
  const frames = Array.from({ length: seconds }, (_, second) => join(framesFolder(root, id), frameName(second)));
  try {
    return digestOf([...frames, soundFile(root, id)].map((file) => readOwnBytes(file, mostBytes.image)));
  } catch {
    return undefined;
  }
}

function digestOf(parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/**
 * Whether all ten frames and the sound of a video are complete: the sound by its length, a frame by its end, which a truncated one
 * lacks. For older worlds, without digests.
 */
export function isVideoWhole(root: string, id: string): boolean {
  if (statSync(soundFile(root, id), { throwIfNoEntry: false })?.size !== wavLength(seconds * sampleRate)) return false;
  const end = Buffer.alloc(endOfJpeg.length);
  return Array.from({ length: seconds }, (_, second) => join(framesFolder(root, id), frameName(second))).every((file) => {
    let frame: number;
    try {
      frame = openSync(file, 'r');
    } catch {
      return false;
    }
    try {
      const { size } = fstatSync(frame);
      return size > end.length && readSync(frame, end, 0, end.length, size - end.length) === end.length && end.equals(endOfJpeg);
    } finally {
      closeSync(frame);
    }
  });
}
