import { rmSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { describeAbsence, DiskError, onDisk } from '@tass/files';
import type { Ffmpeg } from '../ffmpeg/find-ffmpeg';
import { ProgramError } from '../ffmpeg/run-program';
import { describeUncovered } from '../frames';
import { MediaError } from '../media-error';
import { decodeFrames } from './decode-frames';
import { decodeSound } from './decode-sound';
import { writeMediaDoubts } from './doubts-folder';
import type { ExtractMediaOptions, OutputFolders } from './extract-media';
import { describeMissing, expectedVideo } from './find-videos';
import { type OpenVideo, openVideo } from './open-video';
import type { OutputFolder, Source } from './output-folder';

interface ExtractorOptions extends ExtractMediaOptions {
  readonly videosFolder: string;
  readonly folders: OutputFolders;
  readonly ffmpeg: Ffmpeg;
}

/** What became of one video. */
export interface ExtractedVideo {
  readonly made: boolean; // something was made now
  readonly reasons: readonly string[]; // of its faults
  readonly remarks: readonly string[]; // what was chosen for it
}

type Kind = 'frames' | 'sound';

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
    /** Runs a part of the work; what is wrong with the video there is a reason, not an error. */
    const attempt = async <Result>(work: () => Promise<Result>): Promise<Result | undefined> => {
      try {
        return await work();
      } catch (error) {
        reasons.push(`${name} ${this.reasonOf(error)}`);
        return undefined;
      }
    };

    const source = file === undefined ? undefined : await attempt(() => sourceOf(file));
    if (file !== undefined && source === undefined) return { made, reasons, remarks };
    const missing = (await attempt(async () => this.missing(videoId, source, (stale) => reasons.push(`${name} ${stale}`)))) ?? [];
    if (missing.length > 0) {
      const video = await attempt(() => this.open(videoId, file, source));
      if (video !== undefined && source !== undefined) {
        remarks.push(...video.remarks.map((remark) => `${name} ${remark}`));
        for (const kind of missing) made = (await attempt(() => this.make(kind, videoId, video, source))) ?? made;
      }
    }
    return { made, reasons, remarks };
  }

  private missing(videoId: string, source: Source | undefined, tell: (stale: string) => void): Kind[] {
    const kinds: Kind[] = [];
    for (const [kind, folder] of Object.entries(this.options.folders) as [Kind, OutputFolder][]) {
      const state = folder.stateOf(videoId, source);
      if (state === 'brought') writeMediaDoubts(this.options.datasetRoot, videoId, kind, []); // they were about others
      if (state === 'absent' || (state === 'stale' && this.options.refresh)) kinds.push(kind);
      else if (state === 'stale')
        tell(`has changed, or the settings have, since its ${kind} was extracted. Extract it again with refresh, or delete it`);
    }
    return kinds;
  }

  private async open(videoId: string, file: string | undefined, source: Source | undefined): Promise<OpenVideo> {
    if (file === undefined || source === undefined) throw new MediaError(describeMissing(this.options.videosFolder, videoId));
    if (source.size === 0) throw new MediaError('is empty (0 bytes). Fetch it again');
    await open(file).then((opened) => opened.close(), refuseToRead);
    const { ffmpeg, signal } = this.options;
    const limits = { timeLimitSeconds: this.options.timeLimitSeconds ?? Math.ceil(120 + (10 * source.size) / 1e6), signal };
    return openVideo(file, ffmpeg, limits);
  }

  /** Returns true when the output is there. Throws MediaError for what the video lacks. */
  private async make(kind: Kind, videoId: string, video: OpenVideo, source: Source): Promise<true> {
    const output = this.options.folders[kind]!;
    const folder = output.newFolder();
    try {
      const { made, doubts } = await (kind === 'frames' ? this.makeFrames(video, folder) : this.makeSound(video, folder));
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
  private expectNoLonger(kind: Kind, seconds: number): void {
    const { coverage } = this.options;
    const uncovered = coverage && describeUncovered(seconds, coverage);
    if (uncovered !== undefined) throw new MediaError(`has ${kind === 'frames' ? 'frames' : 'a sound'} that ${uncovered}`.replace('sound that last ', 'sound that lasts ')); // prettier-ignore
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

const mostSeconds = 3600; // where nobody says how many are read
const fullDisk = ['ENOSPC', 'EDQUOT', 'EROFS'];

async function sourceOf(file: string): Promise<Source> {
  try {
    const found = await stat(file);
    if (found.isFile()) return { size: found.size, changed: Math.floor(found.mtimeMs / 1000) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new MediaError(`${describeAbsence(file)}. Fetch it again`, { cause: error });
    refuseToRead(error);
  }
  throw new MediaError('is not a file');
}

function refuseToRead(cause: unknown): never {
  throw new MediaError(`cannot be read (${(cause as NodeJS.ErrnoException).code}). Change its permissions, or take it away`, { cause });
}

/** One line, whatever a name holds. */
const printable = (name: string): string => (/[\0-\x1f\x7f]/.test(name) ? JSON.stringify(name) : name);

const severalFiles = (files: readonly string[]): string =>
  `${files.map((file) => printable(basename(file))).join(' and ')} are files of one video. Keep one of them`;
