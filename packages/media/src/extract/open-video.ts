import { joinClock, type JoinedClock, type Run } from '../clock/join-clock';
import { earliness } from '../clock/lay-sound';
import type { Ffmpeg } from '../ffmpeg/find-ffmpeg';
import { type Packet, readPackets } from '../ffmpeg/packets';
import { type MediaStream, type PictureStream, probe, type SoundStream } from '../ffmpeg/probe';
import type { ProgramLimits } from '../ffmpeg/run-program';
import { chooseStream } from './choose-stream';

/** A video file, and by what it is decoded. */
export interface VideoFile {
  readonly file: string; // absolute path
  readonly ffmpeg: Ffmpeg;
  readonly limits: ProgramLimits;
  readonly isBroadcast: boolean; // a transport or program stream
  readonly isCounted: boolean; // an AVI
}

/** The streams that stand for a video, on one clock. */
export interface OpenVideo extends VideoFile {
  readonly picture?: TimedPicture;
  readonly sound?: TimedStream<SoundStream>;
  readonly remarks: readonly string[]; // choices that a user may want to know of
}

/** Seconds are on our clock: time 0 is that of frames and sound. */
export interface TimedStream<Stream> {
  readonly stream: Stream;
  readonly runs: readonly Run[];
  readonly end: number; // of what is there, by its packets
  readonly statedEnd?: number; // by the file, where that is later
}

export interface TimedPicture extends TimedStream<PictureStream> {
  readonly packets: readonly Packet[]; // that are shown
}

const longestGap = { broadcast: 10, other: 60 }; // seconds; ffmpeg too mends leaps of 10 s in broadcasts

/** Reads all packets of a video. Throws MediaError for what is no video. */
export async function openVideo(file: string, ffmpeg: Ffmpeg, limits: ProgramLimits): Promise<OpenVideo> {
  const { start, end, isBroadcast, isCounted, pictures, sounds } = await probe(file, ffmpeg, limits);
  const packets = await readPackets(file, ffmpeg, limits);
  const counts = new Map<number, number>();
  for (const { stream } of packets) counts.set(stream, (counts.get(stream) ?? 0) + 1);
  const packetsOf = (stream: number): number => counts.get(stream) ?? 0;
  const picture = chooseStream('picture', pictures, packetsOf, ({ width, height }) => ({ size: width * height, words: `${width} x ${height}` })); // prettier-ignore
  const sound = chooseStream('sound', sounds, packetsOf, ({ channels }) => ({ size: channels, words: `${channels} channels` }));

  const streams = { picture: picture.stream?.index, sound: sound.stream?.index };
  const begin = start + jitterAtStart(packets, streams);
  // What lies before 0, as an encoder's run-in, is cut; a broadcast's clock is below 0 where it wraps.
  const timeZero = isBroadcast ? begin : Math.max(0, begin);
  const runs = joinClock(packets, { ...streams, timeZero, longestGap: isBroadcast ? longestGap.broadcast : longestGap.other });
  const lastEnd = packets.reduce((latest, { time = -Infinity, duration = 0 }) => Math.max(latest, time + duration), -Infinity);
  const timed = <Stream extends MediaStream>(stream: Stream, ofStream: readonly Run[]): TimedStream<Stream> => ({
    stream,
    runs: ofStream,
    end: endOf(ofStream),
    statedEnd: statedEnd(stream, ofStream, { end, lastEnd }),
  });
  const isOfPicture = ({ stream, isShown }: Packet): boolean => isShown && stream === streams.picture;
  return {
    ...{ file, ffmpeg, limits, isBroadcast, isCounted },
    picture: picture.stream && { ...timed(picture.stream, runs.picture), packets: packets.filter(isOfPicture) },
    sound: sound.stream && timed(sound.stream, runs.sound),
    remarks: [picture.remark, sound.remark, joints(runs)].filter((remark) => remark !== undefined),
  };
}

/** Seconds by which the file begins later than its first packet says: that one may be early where the times of a sound jitter. */
function jitterAtStart(packets: readonly Packet[], { picture, sound }: { picture?: number; sound?: number }): number {
  const firstOf = (stream?: number) => packets.find((packet) => packet.stream === stream && packet.isShown && packet.time !== undefined)?.time; // prettier-ignore
  const [ofPicture = Infinity, ofSound = Infinity] = [firstOf(picture), firstOf(sound)];
  if (ofSound > ofPicture) return 0;
  const early = packets.filter(({ stream, isShown, time }) => stream === sound && isShown && time !== undefined && time < ofSound + 2);
  const times = early.map(({ time }) => time!);
  return Math.min(earliness(times, early.map(({ duration }) => duration)), ofPicture - ofSound); // prettier-ignore
}

const endOf = (runs: readonly Run[]): number => runs.reduce((latest, { to, shift }) => Math.max(latest, to + shift), 0);

/**
 * When a stream should be over by the file's own words: those on this very stream, or those on the whole file, of which only the stream
 * that lasts longest can fall short. Nothing can be held against a clock that begins again.
 */
function statedEnd(stream: MediaStream, runs: readonly Run[], file: { end?: number; lastEnd: number }): number | undefined {
  if (runs.length !== 1) return undefined;
  const [{ to, shift }] = runs;
  const lastsLongest = to > file.lastEnd - 1;
  const end = stream.end ?? (lastsLongest ? file.end : undefined);
  return end === undefined ? undefined : end + shift;
}

function joints({ picture, sound }: JoinedClock): string | undefined {
  const [longer] = [picture, sound].sort((a, b) => b.length - a.length);
  if (longer.length < 2) return undefined;
  const times = longer.slice(1, 4).map(({ from, shift }) => `${(from + shift).toFixed(1)} s`);
  const more = longer.length > 4 ? `, and ${longer.length - 4} more` : '';
  return `has a clock that begins again or leaps: what follows is joined to what is before it, at ${times.join(', ')}${more}`;
}
