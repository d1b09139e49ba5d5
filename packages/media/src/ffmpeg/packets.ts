import { MediaError } from '../media-error';
import type { Ffmpeg } from './find-ffmpeg';
import { formats, inputOf } from './probe';
import { type ProgramLimits, runProgram } from './run-program';

/** A packet as it lies in the file. Seconds are on the file's own clock; what the file does not say is undefined. */
export interface Packet {
  readonly stream: number;
  readonly ticks?: number; // presentation time in the stream's own unit, as decoders hand it on
  readonly time?: number; // presentation time
  readonly decodeTime?: number;
  readonly duration?: number;
  readonly isShown: boolean; // false: an edit list cuts it
}

/** All packets of a video in the order of the file; decodes nothing. Throws MediaError if ffprobe cannot read the file. */
export async function readPackets(file: string, { ffprobe }: Ffmpeg, limits: ProgramLimits): Promise<Packet[]> {
  const entries = 'packet=stream_index,pts,pts_time,dts_time,duration_time,flags';
  const words = ['-loglevel', 'repeat+level+error', ...formats, '-of', 'csv=p=0', '-show_entries', entries, inputOf(file)];
  const packets: Packet[] = [];
  const onOutputLine = (line: string): void => {
    const packet = parsePacket(line);
    if (packet) packets.push(packet);
  };
  const { failed, errors } = await runProgram(ffprobe, words, limits, { onOutputLine });
  if (failed) throw new MediaError(`cannot be read to its end (${errors.at(-1) ?? 'ffprobe does not say why'})`);
  return packets;
}

/** Side data of packets adds empty lines and commas at the end. */
function parsePacket(line: string): Packet | undefined {
  const [stream, ticks, time, decodeTime, duration, flags] = line.split(',');
  if (flags === undefined) return undefined;
  return {
    stream: Number(stream),
    ticks: number(ticks),
    time: number(time),
    decodeTime: number(decodeTime),
    duration: number(duration),
    isShown: !flags.includes('D'),
  };
}

function number(text: string): number | undefined {
  const value = text === '' ? NaN : Number(text); // N/A
  return Number.isFinite(value) ? value : undefined;
}
