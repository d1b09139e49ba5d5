import type { FrameEmbeddings, ImageTower } from '../clip/image-tower';
import type { Fitted } from './short-videos';
import type { Frames } from '@tass/media';

export interface EncodedFrames extends FrameEmbeddings {
  readonly shortSeconds?: number; // how long a video lasts that is too short
}

/**
 * Encodes the frames of several videos at once, as many images keep a device busy; those of the next videos are read meanwhile. A video whose
 * frames cannot be read fails alone, when its turn comes.
 */
export class FrameGroups {
  private encoding?: { readonly group: number; readonly results: Promise<PromiseSettledResult<EncodedFrames>[]> };
  private readonly reading = new Map<number, Promise<PromiseSettledResult<Fitted<Frames>>[]>>();

  constructor(
    private readonly videos: readonly string[],
    private readonly videosAPass: number,
    private readonly tower: ImageTower,
    private readonly read: (video: string) => Promise<Fitted<Frames>>,
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
    this.readGroup(group + 1);
    const read = await this.reading.get(group)!;
    this.reading.delete(group);
    const encoded = await this.tower.encodeAll(read.flatMap((result) => (result.status === 'fulfilled' ? [result.value.media] : [])));
    return read.map((result) => {
      if (result.status === 'rejected') return result;
      return { status: 'fulfilled', value: { ...encoded.shift()!, shortSeconds: result.value.shortSeconds } };
    });
  }

  private readGroup(group: number): void {
    const some = this.videos.slice(group * this.videosAPass, (group + 1) * this.videosAPass);
    this.reading.set(group, Promise.allSettled(some.map((video) => this.read(video))));
  }
}
