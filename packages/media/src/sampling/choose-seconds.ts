/** `every`: one second each segmentSeconds. `content`: the most typical second of each stretch that looks and sounds alike. */
export type Sampling = 'every' | 'content';

export interface ChooseSecondsOptions {
  readonly datasetRoot: string; // holds frames/ and audio/
  readonly videoId: string;
  readonly sampling: Sampling;
  readonly segments: number;
  readonly segmentSeconds: number;
}

/** The seconds at which the segments of a video start, ascending, one for each segment. */
export async function chooseSeconds(_options: ChooseSecondsOptions): Promise<number[]> {
  throw new Error('media: chooseSeconds is not there yet');
}
