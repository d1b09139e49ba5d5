import { groupByVideo, type Question } from '@tass/dataset-music-avqa';
import { percentileInterval, resampledPOver } from '../distribution';
import { groupByTemplate } from '../group-templates';
import type { Interval } from '../resampled-accuracy';
import { scoreColumns } from '../score-columns';
import { drawVideos, type ResampleOptions } from '../video-resamples';
import { resampledMeans } from './resampled-means';
import { isOfHead, type Series } from './series';

/** The mean of a measure over the questions that are judged by it. */
export interface GroundingFigure {
  readonly questions: number;
  readonly mean: number;
  readonly interval?: Interval; // 95 %, over videos; absent for single heads
  readonly chance?: number; // of a uniform attention or map on the same questions
  readonly oracle?: number; // of the truth itself on the same questions
  readonly against?: number; // see Series
  readonly oracleAgainst?: number; // see Series
  readonly gain?: Partial<Interval> & { readonly mean: number; readonly p?: number }; // mean minus against; two-sided p
}

/** By series id; a series without a judged question in the part has no key. */
export type GroundingFigures = Readonly<Record<string, GroundingFigure>>;

export interface GroundingSummary {
  readonly columns: Readonly<Record<string, GroundingFigures>>; // by type, average and All
  readonly templates: readonly { readonly type: number; readonly template: string; readonly figures: GroundingFigures }[]; // means alone
}

/** Figures by column and by template of the questions. Videos are drawn as for accuracies (`resampleVideos`). */
export function groundingSummary(series: readonly Series[], questions: readonly Question[], options: ResampleOptions): GroundingSummary {
  const { columns, members } = scoreColumns(questions, { train: [] });
  const videos = [...groupByVideo(questions).values()];
  const weights = drawVideos(videos.length, options);
  const figuresOf = (isIn: (question: number) => boolean, draws?: readonly Uint16Array[]): GroundingFigures => {
    const figures = series.map((one) => [one.id, figureOf(one, videos, isIn, isOfHead(one) ? undefined : draws)] as const);
    return Object.fromEntries(figures.flatMap(([id, figure]) => (figure ? [[id, figure]] : [])));
  };
  return {
    columns: Object.fromEntries(columns.map(({ id }, at) => [id, figuresOf((question) => (members[question] & (1 << at)) !== 0, weights)])),
    templates: groupByTemplate(questions).map(({ type, template, questions: own }) => {
      const set = new Set(own);
      return { type, template, figures: figuresOf((question) => set.has(question)) };
    }),
  };
}

function figureOf(
  { values, chance, oracle, against, oracleAgainst }: Series,
  videos: readonly (readonly number[])[],
  isIn: (question: number) => boolean,
  draws: readonly Uint16Array[] | undefined,
): GroundingFigure | undefined {
  const judged = videos.map((ofVideo) => ofVideo.filter((index) => isIn(index) && !Number.isNaN(values[index])));
  const counts = judged.map(({ length }) => length);
  const questions = counts.reduce((sum, count) => sum + count, 0);
  if (questions === 0) return undefined;
  const sumsOf = (valueOf: (index: number) => number): number[] => judged.map((ofVideo) => ofVideo.reduce((sum, index) => sum + valueOf(index), 0)); // prettier-ignore
  const meanOf = (all: Float64Array): number => total(sumsOf((index) => all[index])) / questions;
  const own = sumsOf((index) => values[index]);
  const gains = against && sumsOf((index) => values[index] - against[index]);
  const gain = gains && draws && resampledMeans(gains, counts, draws);
  const differing = judged.filter((ofVideo) => ofVideo.some((index) => against && values[index] !== against[index])).length;
  return {
    questions,
    mean: total(own) / questions,
    ...(draws && { interval: intervalOf(resampledMeans(own, counts, draws)) }),
    ...(chance && { chance: meanOf(chance) }),
    ...(oracle && { oracle: meanOf(oracle) }),
    ...(against && { against: meanOf(against) }),
    ...(oracleAgainst && { oracleAgainst: meanOf(oracleAgainst) }),
    ...(gains && { gain: { mean: total(gains) / questions, ...(gain && { ...intervalOf(gain), p: resampledPOver(gain, differing) }) } }),
  };
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

function intervalOf(sorted: Float64Array): Interval {
  const [low, high] = percentileInterval(sorted);
  return { low, high };
}
