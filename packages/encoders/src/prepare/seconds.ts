import { StoreFolder } from '@tass/feature-store';
import { defaultSampling, type FeaturePlan, planStores } from './plan-stores';

/** At which second of a video each of its segments stands. */
export class Seconds {
  constructor(private readonly plan: FeaturePlan) {}

  /** [segments]; those chosen by content from their store, or chosen now where it does not have them. Throws MediaError. */
  async of(videoId: string): Promise<readonly number[]> {
    const { choice, segments, segmentSeconds } = this.plan.sampling ?? defaultSampling;
    if (choice === 'every') return Array.from({ length: segments }, (_, segment) => segment * segmentSeconds);
    return this.chosenBefore(videoId) ?? this.choose(videoId);
  }

  /** Chooses by content. Throws MediaError for a video whose frames cannot be read. */
  async choose(videoId: string): Promise<readonly number[]> {
    throw new Error(`encoders: seconds chosen by content are not there yet (video ${videoId})`);
  }

  private chosenBefore(videoId: string): number[] | undefined {
    const [{ folder, expected }] = planStores({ ...this.plan, clip: undefined, audio: undefined });
    try {
      const store = StoreFolder.open(folder, expected);
      const seconds = store.missing('second', [videoId]).length === 0 ? [...store.read('second', [videoId])] : undefined;
      store.close();
      return seconds;
    } catch {
      return undefined; // not made yet
    }
  }
}
