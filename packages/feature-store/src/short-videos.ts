import type { Sampling } from './manifest';

/** How much shorter than its segments a video may be, at most: a sixth, 10 s of 60 (ours). */
const mostMissingSeconds = ({ segments, segmentSeconds }: Sampling): number => Math.floor((segments * segmentSeconds) / 6);

/** The shortest video whose last second may stand for the seconds after its end. */
export const leastSeconds = (sampling: Sampling): number => sampling.segments * sampling.segmentSeconds - mostMissingSeconds(sampling);
