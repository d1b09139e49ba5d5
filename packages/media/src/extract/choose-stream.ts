import type { MediaStream } from '../ffmpeg/probe';

/** A stream that stands for a video, and a line on those that do not. */
export interface Chosen<Stream> {
  readonly stream?: Stream;
  readonly remark?: string;
}

const markedAsDefault = 5e6;

/**
 * Which of several streams stands for the video: the one that ffmpeg takes by itself, which is the one with the greatest `size` (pixels of an image,
 * channels of a sound), where being marked as default counts as five million, and of equals the first. A stream without packets does not count, nor does
 * a picture of one single image (ours) if another one moves. Source: ffmpeg's documentation, "Automatic stream selection", and what
 * ffmpeg 5 to 8 do.
 */
export function chooseStream<Stream extends MediaStream>(
  kind: 'picture' | 'sound',
  streams: readonly Stream[],
  packetsOf: (stream: number) => number,
  sizeOf: (stream: Stream) => { readonly size: number; readonly words: string },
): Chosen<Stream> {
  const most = Math.max(0, ...streams.map(({ index }) => packetsOf(index)));
  const least = Math.min(most, kind === 'picture' ? 2 : 1);
  const candidates = streams.filter(({ index }) => packetsOf(index) >= least);
  const scoreOf = (stream: Stream) => sizeOf(stream).size + (stream.isDefault ? markedAsDefault : 0);
  const stream = candidates.reduce<Stream | undefined>(
    (best, each) => (best === undefined || scoreOf(each) > scoreOf(best) ? each : best),
    undefined,
  );
  if (stream === undefined || streams.length === 1) return { stream };
  const nameOf = (each: Stream) => `stream ${each.index} (${sizeOf(each).words}${each.isDefault ? ', marked as default' : ''})`;
  const others = streams.filter((each) => each !== stream).map(nameOf);
  return { stream, remark: `has ${streams.length} ${kind}s: ${nameOf(stream)} is taken, not ${others.join(', ')}` };
}
