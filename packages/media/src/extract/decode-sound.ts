import { rmSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { describeCancelling } from '../cancelling';
import { type Block, laySound, type Piece } from '../clock/lay-sound';
import { StreamClock } from '../clock/stream-clock';
import type { SoundStream } from '../ffmpeg/probe';
import { type EndedProgram, runProgram } from '../ffmpeg/run-program';
import { MediaError } from '../media-error';
import { Damage } from './damage';
import { decode, describeLoss, doubtsOf, expectDiskSpace, expectSuccess, expectWhole, whyNothing } from './decode';
import type { VideoFile, TimedStream } from './open-video';
import { bytesPerSample, levelOf, type Source, writeWav } from './write-wav';

/** Writes `wav`, 16-bit mono PCM: sample 0 is time 0, gaps are silent. Returns why it may be wrong. Throws MediaError, DiskError. */
export async function decodeSound(video: VideoFile, sound: TimedStream<SoundStream>, wav: string, sampleRate: number): Promise<string[]> {
  const decoded = `${wav}.decoded`;
  const { blocks, ended, damage, channels } = await decodeBlocks(video, sound, decoded, sampleRate);
  const pieces = laySound(blocks, sampleRate);
  if (pieces.length === 0) throw new MediaError(`has a sound of which nothing can be decoded (${whyNothing(ended)})`);
  const { time, samples, speed } = pieces[pieces.length - 1];
  expectWhole(sound, time + (samples / sampleRate) * speed, 'has sound for');
  expectSuccess(ended);
  const sources: Source[] = [];
  for (const piece of pieces) sources.push(await sourceOf(video, piece, decoded, sampleRate));
  writeWav(wav, sources, sampleRate);
  const cancels = describeCancelling(channels, levelOf(decoded));
  for (const file of new Set(sources.map((source) => source.file)).add(decoded)) rmSync(file);
  const start = sound.runs.length === 0 ? 0 : sound.runs[0].from + sound.runs[0].shift;
  return doubtsOf(damage.describe('sound', start), describeLoss(video, 'sound', sound), overlaps(pieces, sampleRate), cancels);
}

interface Decoded {
  readonly blocks: readonly Block[];
  readonly channels: number; // decibels of full scale: the loudest channel before they were mixed; -Infinity where there is one only
  readonly damage: Damage;
  readonly ended: EndedProgram;
}

/** Writes all samples one after the other, and gives their times. Of blocks, not of packets: what is decoded counts. */
async function decodeBlocks(
  video: VideoFile,
  { stream, runs }: TimedStream<SoundStream>,
  file: string,
  sampleRate: number,
): Promise<Decoded> {
  const clock = new StreamClock(runs);
  const blocks: Block[] = [];
  const damage = new Damage(video.isBroadcast);
  let channels = -Infinity;
  const levels = stream.channels > 1 ? 'astats=measure_perchannel=RMS_level:measure_overall=none,' : '';
  const filters = `${levels}aresample=${sampleRate},aformat=sample_fmts=s16:channel_layouts=mono,ashowinfo`;
  const format = ['-c:a', 'pcm_s16le', '-f', 's16le', basename(file)];
  const ended = await decode(video, stream, { output: ['-af', filters, ...format] }, dirname(file), (line) => {
    const level = /^\[Parsed_astats_0 @ [^\]]*\] \[info\] RMS level dB: (\S+)/.exec(line)?.[1];
    if (level !== undefined) channels = Math.max(channels, Number(level) || -Infinity);
    const found = /^\[Parsed_ashowinfo_\d @ [^\]]*\] \[info\] n:\d+ pts:(-?\d+|NOPTS) .* nb_samples:(\d+) /.exec(line);
    if (!found) return damage.hear(line);
    const samples = Number(found[2]);
    const before = blocks.at(-1);
    if (found[1] !== 'NOPTS') blocks.push({ ...clock.at(Number(found[1]) / sampleRate), samples });
    else if (before === undefined) blocks.push({ time: 0, run: 0, samples });
    else blocks.push({ time: before.time + before.samples / sampleRate, run: before.run, samples }); // follows the one before it
    damage.decoded(blocks[blocks.length - 1].time);
  });
  return { blocks, channels, damage, ended };
}

/** Samples of a recorder that drifts are stretched, at their pitch, to last as long as its clock says. */
async function sourceOf({ ffmpeg, limits }: VideoFile, piece: Piece, decoded: string, sampleRate: number): Promise<Source> {
  const place = Math.round(piece.time * sampleRate);
  if (piece.speed === 1) return { ...piece, place, file: decoded };
  const file = `${decoded}-${piece.from}`;
  const cut = `atrim=start_sample=${piece.from}:end_sample=${piece.from + piece.samples}`;
  const filters = `${cut},atempo=${1 / piece.speed}`;
  const words = ['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'repeat+level+error', '-f', 's16le', '-ar', `${sampleRate}`];
  const ended = await runProgram(ffmpeg.ffmpeg, [...words, '-i', decoded, '-af', filters, '-f', 's16le', file], limits);
  expectDiskSpace(ended, dirname(decoded));
  expectSuccess(ended);
  return { file, from: 0, samples: statSync(file).size / bytesPerSample, place };
}

const mostOverlap = 0.1; // seconds: more than times jitter

/** Where a clock goes back by less than makes it another clock, some of the sound is there twice. */
function overlaps(pieces: readonly Piece[], sampleRate: number): string | undefined {
  const ends = pieces.map(({ time, samples, speed }) => time + (samples / sampleRate) * speed);
  const at = pieces.findIndex(({ time }, index) => index > 0 && ends[index - 1] - time > mostOverlap);
  if (at < 0) return undefined;
  const [{ time }, twice] = [pieces[at], ends[at - 1] - pieces[at].time];
  return `its clock goes back by ${twice.toFixed(2)} s, at ${time.toFixed(1)} s: of what is there twice, the later is heard. Convert it, or cut it there`;
}
