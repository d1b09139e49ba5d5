import type { ExplainedVideo } from '../explanation';
import { short } from '../words';

/** A stretch of the page's time axis, in percent of its length. */
export interface Stretch {
  readonly from: number;
  readonly width: number;
}

const percentOf = (time: number, { seconds }: Pick<ExplainedVideo, 'seconds'>): number =>
  short(100 * Math.min(Math.max(time / seconds, 0), 1));

const stretch = (from: number, to: number): Stretch => ({ from, width: short(Math.max(to - from, 0)) });

/** [segments], each to the next one: where its bars and frame are drawn. */
export const cells = (video: ExplainedVideo): readonly Stretch[] =>
  video.segments.map(({ atSeconds }, at) =>
    stretch(percentOf(atSeconds, video), percentOf(video.segments[at + 1]?.atSeconds ?? video.seconds, video)),
  );

/** The stretches that no segment hears. */
export function unheard(video: ExplainedVideo): readonly Stretch[] {
  const gaps: Stretch[] = [];
  let heard = 0;
  for (const { startSeconds, endSeconds } of [...video.segments].sort((one, other) => one.startSeconds - other.startSeconds)) {
    const from = percentOf(startSeconds, video);
    if (from > heard) gaps.push(stretch(heard, from));
    heard = Math.max(heard, percentOf(endSeconds, video));
  }
  if (heard < 100) gaps.push(stretch(heard, 100));
  return gaps.filter(({ width }) => width > 0.05);
}

/** Round seconds, some six, and where they are in percent. */
export function ticks(video: ExplainedVideo): readonly (readonly [second: number, percent: number])[] {
  const rough = video.seconds / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  return Array.from({ length: Math.floor(video.seconds / step + 1e-9) + 1 }, (_, at) => [
    Number((at * step).toPrecision(6)),
    percentOf(at * step, video),
  ]);
}
