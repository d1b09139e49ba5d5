import { StoreFolder } from '@tass/feature-store';
import { chooseSeconds, secondsOfFrames } from '@tass/media';
import { defaultSampling, type FeaturePlan, planSeconds, soundRate } from './plan-stores';
import { fitSeconds, type Fitted } from './short-videos';

/** At which second of a video each of its segments stands. */
export class Seconds {
  private chosen?: StoreFolder;

  constructor(private readonly plan: FeaturePlan) {}

  /** [segments]; those chosen by content from their store, or chosen now where it does not have them. Throws MediaError. */
  async of(videoId: string): Promise<readonly number[]> {
    const { choice, segments, segmentSeconds } = this.plan.sampling ?? defaultSampling;
    if (choice === 'every') return Array.from({ length: segments }, (_, segment) => Math.floor(segment * segmentSeconds));
    return (await this.chosenBefore(videoId)) ?? this.choose(videoId);
  }

  /** As `of`, for frames: of a video that ends early the last second stands for later segments. Throws MediaError for one that is too short. */
  async ofFrames(videoId: string): Promise<Fitted<readonly number[]>> {
    const { datasetRoot, sampling = defaultSampling } = this.plan;
    return fitSeconds(videoId, await secondsOfFrames(datasetRoot, videoId), await this.of(videoId), sampling);
  }

  /** Chooses by content. Throws MediaError for a video whose frames cannot be read. */
  choose(videoId: string): Promise<readonly number[]> {
    const { datasetRoot, sampling = defaultSampling } = this.plan;
    const { segments, segmentSeconds } = sampling;
    return chooseSeconds({ datasetRoot, videoId, sampling: 'content', segments, segmentSeconds, sampleRate: soundRate(this.plan) });
  }

  /** The store grows meanwhile: it is opened again for a video that it did not have. */
  private async chosenBefore(videoId: string): Promise<number[] | undefined> {
    if (this.chosen?.missing('second', [videoId]).length !== 0) this.chosen = this.open();
    if (this.chosen?.missing('second', [videoId]).length !== 0) return undefined;
    const seconds = [...this.chosen.read('second', [videoId])];
    await this.chosen.verified();
    return seconds;
  }

  private open(): StoreFolder | undefined {
    const { folder, expected } = planSeconds(this.plan);
    this.chosen?.close();
    try {
      return StoreFolder.open(folder, expected);
    } catch {
      return undefined; // not made yet
    }
  }
}
