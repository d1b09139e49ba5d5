import { groupByVideo, seededRandom, shuffled, type Question } from '@tass/dataset-music-avqa';
import { groundingSummary, type GroundingFigure } from './grounding/figures';
import { type GridColumn, type TableFormat, renderGrid } from './grid';
import { probability, signed } from './format-details';
import type { ResampleOptions } from './video-resamples';

/** The removed part of the input: whole seconds of sound and picture, or regions of each second. */
export const CURVE_PARTS = ['seconds', 'regions'] as const;
export type CurvePart = (typeof CURVE_PARTS)[number];
/** `deletion` removes the most attended first, `insertion` adds them first, `random` removes in random order. */
export const CURVE_ORDERS = ['deletion', 'insertion', 'random'] as const;
export type CurveOrder = (typeof CURVE_ORDERS)[number];

/** Shares of a part that are removed, or for `insertion` added. */
export const CURVE_SHARES: readonly number[] = [0, 0.2, 0.4, 0.6, 0.8, 1];

/** For each question the probability, at each of the shares, of the network's answer to the whole input. */
export type CurvesOfQuestions = Readonly<Partial<Record<CurvePart, Readonly<Record<CurveOrder, readonly Float64Array[]>>>>>; // [shares][questions]

/** The area under a curve at equally distant shares, by the trapezoid rule: the mean probability. */
export function areaUnder(values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  return (sum - (values[0] + values[values.length - 1]) / 2) / (values.length - 1);
}

/** Places by weight, the greatest first, equal ones in their own order. */
export const byWeight = (weights: ArrayLike<number>): number[] =>
  Array.from(weights, (_, at) => at).sort((a, b) => weights[b] - weights[a] || a - b);

/**
 * At most `most` of the questions, spread over the videos: a random one of each, then a second, in the order of `questions`. The same for the
 * same questions.
 */
export function sampledQuestions(questions: readonly Question[], most: number, seed: number): Question[] {
  const random = seededRandom(seed);
  const videos = shuffled([...groupByVideo(questions).values()], random).map((indices) => shuffled(indices, random));
  const longest = Math.max(0, ...videos.map(({ length }) => length));
  const rounds = Array.from({ length: longest }, (_, round) => videos.flatMap((indices) => indices.slice(round, round + 1)));
  const taken = rounds.flat().slice(0, most).sort((a, b) => a - b); // prettier-ignore
  return taken.map((index) => questions[index]);
}

/** Area of deletion or insertion minus that of random order, by `seconds/deletion`. An area of random insertion is that of random deletion. */
export type CurveGains = Readonly<
  Record<string, Required<Pick<GroundingFigure, 'mean' | 'against'>> & { readonly gain: Required<NonNullable<GroundingFigure['gain']>> }>
>;

export const CURVE_NAMES: Readonly<Record<string, string>> = Object.fromEntries(
  CURVE_PARTS.flatMap((part) =>
    (['deletion', 'insertion'] as const).map((order) => [`${part}/${order}`, `${order} of ${part}, minus random`]),
  ),
);

/** Areas of each question by `seconds/deletion`, `seconds/random`, ... */
export function areasOf(curves: CurvesOfQuestions): Record<string, Float64Array> {
  return Object.fromEntries(
    Object.entries(curves).flatMap(([part, orders]) =>
      CURVE_ORDERS.map((order) => [
        `${part}/${order}`,
        orders[order][0].map((_, question) => areaUnder(orders[order].map((ofShare) => ofShare[question]))),
      ]),
    ),
  );
}

/** How far orders of attention differ from random order, with intervals over videos. `areas`: as `areasOf` has them. */
export function curveGains(
  areas: Readonly<Record<string, Float64Array>>,
  questions: readonly Question[],
  options: ResampleOptions,
): CurveGains {
  const series = Object.keys(CURVE_NAMES)
    .filter((id) => id in areas)
    .map((id) => ({ id, values: areas[id], against: areas[`${id.split('/')[0]}/random`] }));
  return groundingSummary(series, questions, options).columns.All as CurveGains;
}

/** The mean curves and their areas, in percent of probability. */
export function formatCurves(curves: CurvesOfQuestions, gains: CurveGains, format: TableFormat = 'text'): string {
  const columns: GridColumn[] = [
    { header: '', align: 'left' },
    ...CURVE_SHARES.map((share) => ({ header: `${Math.round(100 * share)} %` })),
    { header: 'area', opensGroup: true },
    ...['minus random', 'from', 'to', 'p'].map((header) => ({ header })),
  ];
  const percentOf = (share: number): string => (100 * share).toFixed(2);
  const rows = Object.entries(curves).flatMap(([part, orders]) =>
    CURVE_ORDERS.map((order) => {
      const means = orders[order].map(meanOf);
      const gain = gains[`${part}/${order}`]?.gain;
      const tested = gain
        ? [...[gain.mean, gain.low, gain.high].map((share) => signed(100 * share)), probability(gain.p)]
        : ['', '', '', ''];
      return [`${part}, ${order}`, ...means.map(percentOf), percentOf(areaUnder(means)), ...tested];
    }),
  );
  return renderGrid(columns, rows, format);
}

export const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
