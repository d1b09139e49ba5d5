import type { Sampling } from './manifest';

/** How much shorter than its segments a video may be, at most: a sixth, 10 s of 60 (ours). */
export const mostMissingSeconds = ({ segments, segmentSeconds }: Sampling): number => Math.floor((segments * segmentSeconds) / 6);

/** The shortest video whose last second may stand for the seconds after its end. */
export const leastSeconds = (sampling: Sampling): number => sampling.segments * sampling.segmentSeconds - mostMissingSeconds(sampling);

/** Why a record of a short video is not what the sampling asks for. `seconds`: how long the video lasts. */
export const describeShort = (seconds: number, { segments, segmentSeconds }: Sampling): string =>
  `lasts ${Number(seconds.toFixed(1))} of ${segments * segmentSeconds} s; its last second stands for the missing ones`;
