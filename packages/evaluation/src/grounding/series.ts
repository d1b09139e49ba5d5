/** A measure of each question; NaN where a question is not judged by it. */
export interface Series {
  /** By what of the network, then the measure: `time/visual/hit`, of a head `time/visual/head2/hit`, `space/text/pointing`, `attention/audio/weight`. */
  readonly id: string;
  readonly values: Float64Array; // [questions]
  readonly chance?: Float64Array; // [questions], of a uniform attention or map
  readonly oracle?: Float64Array; // [questions], of an attention or a map that is the truth
  readonly oracleAgainst?: Float64Array; // [questions], `against` of the truth: its gain is the largest possible one
  /** [questions], what the value is compared with; in time: the same attention judged by the needed seconds of other videos. */
  readonly against?: Float64Array;
}

/** Whether it is of one head of an attention. */
export const isOfHead = ({ id }: Pick<Series, 'id'>): boolean => /\/head\d+\//.test(id);

/** NaN for each question. */
export const notJudged = (questions: number): Float64Array => new Float64Array(questions).fill(NaN);
