import type { FrameEmbeddings, ImageTower } from '../clip/image-tower';
import type { BegunFrames, Frames } from '@tass/media';

export interface EncodedFrames extends FrameEmbeddings {
  readonly shortSeconds?: number; // how long a video lasts that is too short
}

/** Of one video. */
export interface ReadFrames extends BegunFrames {
  readonly shortSeconds?: number;
}

/**
 * Encodes the frames of several videos at once, as many images keep a device busy. Those of the next videos are decoded meanwhile: they are begun
 * before the model runs, as it blocks this thread. A video whose frames cannot be read fails alone, when its turn comes.
 */
export class FrameGroups {
  private encoding?: { readonly group: number; readonly results: Promise<PromiseSettledResult<EncodedFrames>[]> };
  private readonly reading = new Map<number, Promise<PromiseSettledResult<ReadFrames>[]>>();

  constructor(
    private readonly videos: readonly string[],
    private readonly videosAPass: number,
    private readonly tower: ImageTower,
    private readonly read: (video: string) => Promise<ReadFrames>, // begins it
  ) {
    this.readGroup(0);
  }

  /** Of the video at `index`; asked for in their order. Throws what reading its frames threw. */
  async encode(index: number): Promise<EncodedFrames> {
    const group = Math.floor(index / this.videosAPass);
    if (this.encoding?.group !== group) this.encoding = { group, results: this.encodeGroup(group) };
    const result = (await this.encoding.results)[index % this.videosAPass];
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  }

  private async encodeGroup(group: number): Promise<PromiseSettledResult<EncodedFrames>[]> {
    const begun = await this.reading.get(group)!;
    this.reading.delete(group);
    const read = await Promise.allSettled(begun.map(decodedOf));
    await this.readGroup(group + 1);
    const encoded = await this.tower.encodeAll(read.flatMap((result) => (result.status === 'fulfilled' ? [result.value.frames] : [])));
    return read.map((result) => {
      if (result.status === 'rejected') return result;
      return { status: 'fulfilled', value: { ...encoded.shift()!, shortSeconds: result.value.shortSeconds } };
    });
  }

  private readGroup(group: number): Promise<unknown> {
    const some = this.videos.slice(group * this.videosAPass, (group + 1) * this.videosAPass);
    const begun = Promise.allSettled(some.map((video) => this.read(video)));
    this.reading.set(group, begun);
    return begun;
  }
}

async function decodedOf(begun: PromiseSettledResult<ReadFrames>): Promise<{ readonly frames: Frames; readonly shortSeconds?: number }> {
  if (begun.status === 'rejected') throw begun.reason;
  const { decoded, shortSeconds } = begun.value;
  return { frames: await decoded, shortSeconds };
}
