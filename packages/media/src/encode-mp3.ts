import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findFfmpeg } from './ffmpeg/find-ffmpeg';
import { inputOf } from './ffmpeg/probe';
import { runProgram } from './ffmpeg/run-program';
import { MediaError } from './media-error';

/** A wav file as a mono MP3, which every browser plays. Throws MediaError if ffmpeg cannot make one; an error where there is no ffmpeg. */
export async function encodeMp3(wav: string, kilobitsPerSecond: number, signal?: AbortSignal): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'tass-sound-'));
  try {
    const mp3 = join(folder, 'sound.mp3');
    const form = ['-ac', '1', '-ar', '32000', '-codec:a', 'libmp3lame', '-b:a', `${kilobitsPerSecond}k`, '-f', 'mp3'];
    const words = ['-nostdin', '-loglevel', 'repeat+level+error', '-i', inputOf(resolve(wav)), ...form, mp3];
    const { failed, errors } = await runProgram(findFfmpeg().ffmpeg, words, { timeLimitSeconds: 120, signal });
    if (failed) throw new MediaError(`sound ${wav} cannot be made an MP3 (${errors.at(-1) ?? 'ffmpeg does not say why'})`);
    return readFileSync(mp3);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
