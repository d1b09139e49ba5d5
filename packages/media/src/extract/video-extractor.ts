import { rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { DiskError, onDisk } from '@tass/files';
import type { Ffmpeg } from '../ffmpeg/find-ffmpeg';
import { ProgramError } from '../ffmpeg/run-program';
import { describeUncovered } from '../frames';
import { MediaError } from '../media-error';
import { decodeFrames } from './decode-frames';
import { decodeSound } from './decode-sound';
import { writeMediaDoubts } from './doubts-folder';
import type { ExtractMediaOptions } from './extract-media';
import { findChange, type KindFolder, type KindOutput, type MediaKind, readOutputs, versionOf } from './find-change';
import { describeMissing, expectedVideo, printable } from './find-videos';
import { type OpenVideo, openVideo } from './open-video';
import { expectUnchanged, refuseToRead, type Source, withDigest } from './source';

interface ExtractorOptions extends ExtractMediaOptions {
  readonly videosFolder: string;
  readonly folders: readonly KindFolder[];
  readonly ffmpeg: Ffmpeg;
}

/** What became of one video. */
export interface ExtractedVideo {
  readonly made: boolean; // something was made now
  readonly seconds?: number; // how long it lasts, if it was opened
  readonly reasons: readonly string[]; // of its faults
  readonly remarks: readonly string[]; // what was chosen for it
}

interface Made {
  readonly made: string; // path
  readonly doubts: readonly string[]; // why it can hardly be right
}

/** Brings the frames and the sound of one video after the other up to date. */
export class VideoExtractor {
  constructor(private readonly options: ExtractorOptions) {}

  /** `files`: those of this id; one is expected. Throws what is not this video's fault: DiskError, the signal's reason. */
  async extract(videoId: string, files: readonly string[]): Promise<ExtractedVideo> {
    if (files.length > 1) return { made: false, reasons: [severalFiles(files)], remarks: [] };
    const [file] = files as readonly (string | undefined)[];
    const reasons: string[] = [];
    const remarks: string[] = [];
    const name = printable(relative(this.options.datasetRoot, file ?? expectedVideo(this.options.videosFolder, videoId)));
    let made = false;
    let seconds: number | undefined;
    /** Runs a part of the work; what is wrong with the video there is a reason, not an error. */
    const attempt = async <Result>(work: () => Promise<Result>): Promise<Result | undefined> => {
      try {
        return await work();
      } catch (error) {
        reasons.push(`${name} ${this.reasonOf(error)}`);
        return undefined;
      }
    };

    const read = () => attempt(async () => readOutputs(videoId, this.options.folders));
    const before = await read();
    const found = file === undefined || !before ? undefined : await attempt(() => versionOf(file, before));
    const outputs = found?.sha256 === undefined ? before : await read(); // it took long: another run may have made some
    if (outputs === undefined || (file !== undefined && found === undefined)) return { made, reasons, remarks };
    const missing = (await attempt(async () => this.missing(videoId, found, outputs, (change) => reasons.push(`${name} ${change}`)))) ?? [];
    if (missing.length > 0) {
      const video = await attempt(() => this.open(videoId, file, found));
      const source = video && file !== undefined && found ? await attempt(() => withDigest(file, found)) : undefined;
      if (video !== undefined && source !== undefined) {
        seconds = lengthOf(video);
        remarks.push(...video.remarks.map((remark) => `${name} ${remark}`));
        for (const each of missing) made = (await attempt(() => this.make(each, videoId, video, source))) ?? made;
      }
    }
    return { made, seconds, reasons, remarks };
  }

  /**
   * What is to be made of a video. Nothing, if something was made from another version of it, so that never two versions are used together;
   * with `refresh` what was made before goes first.
   */
  private missing(
    videoId: string,
    source: Source | undefined,
    outputs: readonly KindOutput[],
    tell: (change: string) => void,
  ): KindFolder[] {
    const { datasetRoot, refresh } = this.options;
    const change = findChange(source, outputs);
    if (change !== undefined && !(refresh && source)) tell(change.reason);
    if (change?.isOfVideo && !(refresh && source)) return [];
    return outputs.flatMap((each) => {
      const { kind, folder, isOther, output } = each;
      const state = output.stateOf(source);
      if (state === 'brought' && !isOther) writeMediaDoubts(datasetRoot, videoId, kind, []); // they were about others
      if (state === 'fresh' && source) confirm(each, videoId, source);
      const isLeftBehind = state === 'stale' && refresh && (!isOther || change?.isOfVideo);
      if (isLeftBehind) folder.discard(videoId);
      if (isLeftBehind && !isOther) writeMediaDoubts(datasetRoot, videoId, kind, []);
      return !isOther && (state === 'absent' || isLeftBehind) ? [each] : [];
    });
  }

  private async open(videoId: string, file: string | undefined, source: Source | undefined): Promise<OpenVideo> {
    if (file === undefined || source === undefined) throw new MediaError(describeMissing(this.options.videosFolder, videoId));
    if (source.size === 0) throw new MediaError('is empty (0 bytes). Fetch it again');
    await open(file).then((opened) => opened.close(), refuseToRead);
    const { ffmpeg, signal } = this.options;
    const limits = { timeLimitSeconds: this.options.timeLimitSeconds ?? Math.ceil(120 + (10 * source.size) / 1e6), signal };
    return openVideo(file, ffmpeg, limits);
  }

  /** Returns true when the output is there. Throws MediaError for what the video lacks, and if it changed meanwhile. */
  private async make({ kind, folder: output }: KindFolder, videoId: string, video: OpenVideo, source: Source): Promise<true> {
    const folder = output.newFolder();
    try {
      const { made, doubts } = await (kind === 'frames' ? this.makeFrames(video, folder) : this.makeSound(video, folder));
      await expectUnchanged(video.file, source);
      writeMediaDoubts(this.options.datasetRoot, videoId, kind, doubts); // before what they are about, so that nothing is there without them
      output.publish(videoId, made, source);
      return true;
    } finally {
      rmSync(folder, { recursive: true, force: true }); // what is left of a video that failed
    }
  }

  private async makeFrames({ picture, ...video }: OpenVideo, folder: string): Promise<Made> {
    if (!picture) throw new MediaError('has no picture (no video track), so there are no frames of it');
    this.expectNoLonger('frames', Math.ceil(picture.end));
    return { made: folder, doubts: await decodeFrames(video, picture, folder, this.options.frameSize) };
  }

  private async makeSound({ sound, ...video }: OpenVideo, folder: string): Promise<Made> {
    if (!sound) throw new MediaError('has no sound (no audio track), so there is no wav of it');
    this.expectNoLonger('sound', sound.end);
    const wav = join(folder, 'sound.wav');
    return { made: wav, doubts: await decodeSound(video, sound, wav, this.options.sampleRate ?? 16000) };
  }

  /** Before anything is decoded: a clock that runs wild would fill the disk. */
  private expectNoLonger(kind: MediaKind, seconds: number): void {
    const { coverage } = this.options;
    const uncovered = coverage && describeUncovered(kind, seconds, coverage);
    if (uncovered !== undefined) throw new MediaError(`has ${kind === 'frames' ? 'frames' : 'a sound'} that ${uncovered}`);
    if (coverage === undefined && seconds > mostSeconds)
      throw new MediaError(`lasts ${seconds.toFixed(1)} s, expected at most ${mostSeconds} s. Cut it`);
  }

  /** Why something of a video failed. Throws again what no other video would be spared: a full disk, an ffmpeg that does not start, a stop. */
  private reasonOf(error: unknown): string {
    if (error instanceof MediaError) return error.message;
    const { code = '', message = String(error) } = (error ?? {}) as NodeJS.ErrnoException;
    if (error instanceof DiskError || error instanceof ProgramError || this.options.signal?.aborted) throw error;
    if (fullDisk.includes(code)) {
      return onDisk('cannot write frames and sound', this.options.datasetRoot, (): never => {
        throw error;
      });
    }
    return `cannot be used: ${message}`;
  }
}

/** Where another folder may not be written, the next call compares the content again. Throws DiskError for one that is asked for. */
function confirm({ folder, isOther }: KindFolder, videoId: string, source: Source): void {
  try {
    folder.confirm(videoId, source);
  } catch (error) {
    if (!isOther || !(error instanceof DiskError)) throw error;
  }
}

/** Of its picture, or of a sound that goes on. An encoder of sound fills its last packet. */
function lengthOf({ picture, sound }: OpenVideo): number {
  const [seen, heard] = [picture?.end ?? 0, sound?.end ?? 0];
  return heard > seen + 0.1 ? heard : seen;
}

const mostSeconds = 3600; // where nobody says how many are read
const fullDisk = ['ENOSPC', 'EDQUOT', 'EROFS'];

const severalFiles = (files: readonly string[]): string =>
  `${files.map((file) => printable(basename(file))).join(' and ')} are files of one video. Keep one of them`;
