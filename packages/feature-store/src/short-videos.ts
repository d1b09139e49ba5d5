import type { Sampling } from './manifest';

/** The largest share by which a video may be shorter than its segments: a sixth, 10 s of 60 (ours). */
const mostMissingSeconds = ({ segments, segmentSeconds }: Sampling): number => Math.floor((segments * segmentSeconds) / 6);

/** The shortest accepted length; the last second is repeated after the end. */
export const leastSeconds = (sampling: Sampling): number => sampling.segments * sampling.segmentSeconds - mostMissingSeconds(sampling);
