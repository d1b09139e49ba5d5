import type { Question } from '@tass/dataset-music-avqa';
import { HEADLINES, type JudgedRun } from '@tass/evaluation';
import { fileErrorsAs, readSealedFile } from '@tass/files';
import { RunError } from '@tass/tracking';
import { GROUNDING_VERSION } from './measure-grounding';

/** The values for each question in a grounding file, by the names of the main measures. */
export interface KeptGrounding extends Pick<JudgedRun, 'values'> {
  readonly truth?: string; // sha256 of the ground truth; absent in older files
  readonly bounds: Readonly<Record<string, { readonly uniform: number; readonly truth: number }>>; // means over the judged questions
}

/**
 * Reads the file of `measureGrounding`. `epoch`: the run's scored epoch. Throws RunError for a damaged file, or one of other questions,
 * another epoch or version.
 */
export function readGrounding(file: string, questions: readonly Question[], epoch: number | null): KeptGrounding {
  const remedy = 'Make it again: npx nx run evaluator:evaluate --run=RUN; or delete it';
  const refuse = (problem: string): never => {
    throw new RunError(`${file}: ${problem}. ${remedy}`);
  };
  const content = fileErrorsAs(RunError, () => readSealedFile(file, remedy)).content as Content;
  if (!Array.isArray(content.questions?.ids)) return refuse('it has no questions');
  if (content.version !== GROUNDING_VERSION) refuse(`it is of version ${content.version}, expected ${GROUNDING_VERSION}`);
  if (content.epoch !== epoch) refuse(`it is of epoch ${content.epoch}, the run was scored at ${epoch}`);
  const { ids, ...series } = content.questions;
  if (ids.join() !== questions.map(({ id }) => id).join()) refuse('it is of other questions');
  const known = HEADLINES.filter(({ id, isGain }) => series[id] && (!isGain || series[id].against));
  const values = known.map(({ name, id, isGain }) => {
    const { values: own, against } = series[id];
    return [name, Float64Array.from(own, (value, at) => (value === null ? NaN : isGain ? value - against![at]! : value))] as const;
  });
  const bounds = known.flatMap(({ name, id, isGain }) => {
    const { chance, oracle, oracleAgainst = NaN } = content.columns.All[id] ?? {};
    if (chance === undefined || oracle === undefined) return [];
    return [[name, isGain ? { uniform: 0, truth: oracle - oracleAgainst } : { uniform: chance, truth: oracle }] as const];
  });
  return { values: Object.fromEntries(values), bounds: Object.fromEntries(bounds), truth: content.truth };
}

interface Content {
  readonly version: number;
  readonly epoch: number;
  readonly truth?: string;
  readonly columns: {
    readonly All: Readonly<Record<string, { readonly chance?: number; readonly oracle?: number; readonly oracleAgainst?: number }>>;
  };
  readonly questions: { readonly ids: readonly number[] } & Readonly<
    Record<string, { values: (number | null)[]; against?: (number | null)[] }>
  >;
}
