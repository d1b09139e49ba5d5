import { createHash } from 'node:crypto';
import { mostBytes, readBytes } from '@tass/files';
import { frameFile, framesOf, MediaError, soundFile } from '@tass/media';
import { type FeaturePlan, type PlannedStore, soundRate } from './plan-stores';
import { Seconds } from './seconds';

/** One figure for the very files that a record is made of: the frames at the segments' seconds, or the wav. */
export class Sources {
  private readonly seconds: Seconds;

  constructor(private readonly plan: FeaturePlan) {
    this.seconds = new Seconds(plan);
  }

  /** 16 hex digits of a sha256 over the files' content. Throws MediaError, and where a file cannot be read. */
  async of(encoder: PlannedStore['encoder'], videoId: string): Promise<string> {
    const hash = createHash('sha256');
    for (const file of await this.files(encoder, videoId)) hash.update(readBytes(file, mostBytes.sound)); // read just now: a stream takes longer than the files
    return hash.digest('hex').slice(0, 16);
  }

  private async files(encoder: PlannedStore['encoder'], videoId: string): Promise<string[]> {
    const { datasetRoot, audio } = this.plan;
    if (encoder === 'audio' && audio) return [soundFile(datasetRoot, videoId, soundRate({ audio }))];
    const frames = await framesOf(datasetRoot, videoId);
    return (await this.seconds.ofFrames(videoId)).media.map((second) => {
      const file = frames.get(second);
      if (file === undefined) throw new MediaError(`frame ${frameFile(datasetRoot, videoId, second)} is not there`);
      return file;
    });
  }
}
