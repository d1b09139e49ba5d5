import { constants, copyFileSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { onDisk } from '@tass/files';
import { StreamClock } from '../clock/stream-clock';
import type { Ffmpeg } from '../ffmpeg/find-ffmpeg';
import type { EndedProgram } from '../ffmpeg/run-program';
import { MediaError } from '../media-error';
import { chooseImages } from './choose-images';
import { Damage } from './damage';
import { decode, describeLoss, doubtsOf, expectSuccess, expectWhole, refuseCutOff, whyNothing } from './decode';
import type { VideoFile, TimedPicture } from './open-video';

/**
 * Writes 000001.jpg and on into `folder`, which is empty: image n+1 is the last one whose time is not after second n, up to the end of the
 * last image. A picture that begins later than the sound has its first image before.
 *
 * Which images these are follows from the times of packets. Where the decoder then gives other images (one is broken, two fields become
 * one), the right ones are decoded once more. All images have the size of the first. Returns why they may be wrong.
 * Throws MediaError, DiskError.
 */
export async function decodeFrames(video: VideoFile, picture: TimedPicture, folder: string, frameSize?: number): Promise<string[]> {
  const expected = expectedImages(picture);
  let request = { ticks: ticksOf(expected, picture.end), folder: join(folder, 'decoded'), frameSize };
  let decoded = await decodeImages(video, picture, request);
  const ticks = ticksOf(decoded.images, endOf(decoded.images, expected, picture));
  if ([...ticks].some((each) => !request.ticks.has(each))) {
    rmSync(request.folder, { recursive: true });
    request = { ...request, ticks };
    decoded = await decodeImages(video, picture, request);
  }
  const end = endOf(decoded.images, expected, picture);
  expectWhole(picture, end, 'lasts');
  expectSuccess(decoded.ended);
  const times = decoded.images.map(({ time }) => time);
  place(request, decoded.images, chooseImages(times, end), folder);
  await expectWholeImages(folder);
  return doubtsOf(decoded.damage.describe('picture', expected[0]?.time ?? 0), describeLoss(video, 'picture', picture));
}

/** An image by its place in the stream; they are told apart by `ticks`, the file's own time, which may come twice where its clock begins again. */
interface Image {
  readonly ticks: number;
  readonly time: number; // seconds of our clock
}

interface Request {
  readonly ticks: ReadonlySet<number>; // of the images that are written
  readonly frameSize?: number;
  readonly folder: string;
}

interface Decoded {
  readonly images: readonly Image[]; // all that were decoded, not only those that were written
  readonly damage: Damage;
  readonly ended: EndedProgram;
}

/** The images that a stream should have by its packets, in the order in which they are shown. */
function expectedImages({ packets, runs }: TimedPicture): Image[] {
  const clock = new StreamClock(runs);
  const images = packets.flatMap(({ ticks, time }) => (ticks === undefined || time === undefined ? [] : [{ ticks, ...clock.at(time) }]));
  return images.sort((a, b) => a.run - b.run || a.time - b.time);
}

function ticksOf(images: readonly Image[], end: number): Set<number> {
  if (images.length === 0) return new Set();
  const times = images.map(({ time }) => time);
  return new Set(chooseImages(times, end).map((image) => images[image].ticks));
}

/** The last image stays as long as its packet says; where that one was not decoded, as long as others do. */
function endOf(images: readonly Image[], expected: readonly Image[], { end, stream }: TimedPicture): number {
  const last = latestOf(images);
  return Math.abs(last - latestOf(expected)) < 1e-3 ? end : last + 1 / (stream.framesPerSecond ?? 25);
}

const latestOf = (images: readonly Image[]): number => images.reduce((latest, { time }) => Math.max(latest, time), 0);

/** Throws MediaError if there is no moving picture. */
async function decodeImages(video: VideoFile, { stream, runs }: TimedPicture, { ticks, folder, frameSize }: Request): Promise<Decoded> {
  mkdirSync(folder);
  const select = `select='${isOneOf([...ticks].sort((a, b) => a - b))}'`;
  // setpts, as the encoder wants times that ascend, in its own unit: the time between two images, which may be minutes;
  // reinit_filter, so that `scale` meets a change of format itself, and keeps its first size
  const filters = ['showinfo=checksum=0', select, 'setpts=3600*N/TB', scaling(frameSize), 'setsar=1'].join(',');
  const format = [...everyImage(video.ffmpeg), '-pix_fmt', 'yuvj420p', '-c:v', 'mjpeg', '-q:v', '2', '-f', 'image2', '%06d.jpg'];
  const clock = new StreamClock(runs);
  const images: Image[] = [];
  const damage = new Damage(video.isBroadcast);
  let unit = NaN; // seconds; the seconds that ffmpeg prints are rounded to six digits
  const words = { input: ['-reinit_filter', '0'], output: ['-vf', filters, ...format] };
  const ended = await decode(video, stream, words, folder, (line) => {
    const [, said] = /^\[Parsed_showinfo_0 @ [^\]]*\] \[info\] (.*)/.exec(line) ?? [];
    if (said === undefined) return damage.hear(line);
    const [, above, below] = /^config in time_base: (\d+)\/(\d+)/.exec(said) ?? [];
    if (below !== undefined) unit = Number(above) / Number(below);
    const ticks = /^n: *\d+ pts: *(-?\d+) /.exec(said)?.[1];
    if (ticks === undefined) return;
    const { time } = clock.at(Number(ticks) * unit);
    images.push({ ticks: Number(ticks), time });
    damage.decoded(time);
  });
  if (images.length === 0) throw new MediaError(`has a picture of which nothing can be decoded (${whyNothing(ended)})`);
  if (images.length === 1) throw new MediaError(`has one single image, not a moving picture`);
  return { images, damage, ended };
}

/** ffmpeg's expression for "pts is one of these", which ascend: a tree, as a sum may have no more than a hundred terms. */
function isOneOf(ticks: readonly number[]): string {
  if (ticks.length === 0) return '0';
  if (ticks.length <= 8) return ticks.map((each) => `eq(pts,${each})`).join('+');
  const middle = ticks.length >> 1;
  return `if(lt(pts,${ticks[middle]}),${isOneOf(ticks.slice(0, middle))},${isOneOf(ticks.slice(middle))})`;
}

/** Images are written as they come, whatever their times. */
function everyImage({ version }: Ffmpeg): string[] {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version)?.map(Number) ?? [];
  return [major < 5 || (major === 5 && minor < 1) ? '-vsync' : '-fps_mode', 'passthrough'];
}

/** JPEG's colours are those of BT.601 in full range, square pixels. */
function scaling(frameSize?: number): string {
  const [width, height] = ['iw*sar', 'ih'];
  const share = frameSize === undefined ? '1' : `min(1,${frameSize}/min(${width},${height}))`;
  const size = (edge: string) => `'max(1,round(${edge}*${share}))'`;
  const flags = 'bicubic+accurate_rnd+full_chroma_int+bitexact';
  return `scale=w=${size(width)}:h=${size(height)}:flags=${flags}:out_color_matrix=bt601:out_range=pc`;
}

const nameOf = (second: number): string => `${String(second + 1).padStart(6, '0')}.jpg`;

/** Gives each second its image; one that stays for several seconds is copied. */
function place(request: Request, images: readonly Image[], chosen: readonly number[], folder: string): void {
  const written = images.flatMap(({ ticks }, image) => (request.ticks.has(ticks) ? [image] : []));
  const fileOf = new Map(written.map((image, index) => [image, join(request.folder, nameOf(index))]));
  const placeOf = new Map<number, string>();
  onDisk('cannot write frames and sound', folder, () => {
    chosen.forEach((image, second) => {
      const place = join(folder, nameOf(second));
      const before = placeOf.get(image);
      if (before === undefined) renameSync(fileOf.get(image)!, place);
      else copyFileSync(before, place, constants.COPYFILE_FICLONE);
      placeOf.set(image, place);
    });
  });
  rmSync(request.folder, { recursive: true });
}

/** Brings the images to the disk. Throws DiskError if one is cut off because it is full. */
async function expectWholeImages(folder: string): Promise<void> {
  for (const name of readdirSync(folder)) {
    const file = await open(join(folder, name), 'r+');
    try {
      const { size } = await file.stat();
      const { buffer } = await file.read(Buffer.alloc(2), 0, 2, Math.max(0, size - 2));
      if (buffer.readUInt16BE() !== 0xffd9) refuseCutOff(join(folder, name), folder);
      await file.sync();
    } finally {
      await file.close();
    }
  }
}
