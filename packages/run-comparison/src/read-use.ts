import { existsSync } from 'node:fs';
import type { MarkedUse } from '@tass/evaluation';
import { runFiles, USE_VERSION } from '@tass/experiment';
import { fileErrorsAs, readSealedFile } from '@tass/files';
import { shellWord } from '@tass/program';
import { RunError } from '@tass/tracking';
import type { Page } from './page';

/** A run's answers with altered grounding. */
export interface RunUse {
  readonly without: MarkedUse['without']; // marks [questions] by intervention
  readonly areas: Readonly<Record<string, Float64Array>>; // areas under its curves by name, [questions], NaN outside the sample
}

/**
 * Null if it was not measured. `epoch`: the run's scored epoch. Throws RunError for a damaged file, or one of other questions, another
 * epoch or version.
 */
export function readUse(folder: string, { split, questions }: Pick<Page, 'split' | 'questions'>, epoch: number | null): RunUse | null {
  const file = runFiles.use(folder, split);
  if (!existsSync(file)) return null;
  const again = `npx nx run evaluator:evaluate ${shellWord(`--run=${folder}`)} --split=${split} --use`;
  const remedy = `Make it again: ${again}; or delete it`;
  const refuse = (problem: string): never => {
    throw new RunError(`${file}: ${problem}. ${remedy}`);
  };
  const kept = fileErrorsAs(RunError, () => readSealedFile(file, remedy)).content as KeptUse;
  if (kept?.version !== USE_VERSION) refuse(`it is of version ${kept?.version}, expected ${USE_VERSION}`);
  if (kept.epoch !== epoch) refuse(`it is of epoch ${kept.epoch}, the run was scored at ${epoch}`);
  try {
    const place = new Map(kept.questions.map((id, at) => [id, at]));
    const marksOf = (right: string): Uint8Array => Uint8Array.from(questions, ({ id }) => markAt(right, place.get(id), id));
    const { questions: sample = [], ...areas } = kept.areas ?? {};
    const ofSample = new Map(sample.map((id, at) => [id, at]));
    const areasOf = (values: readonly number[]): Float64Array =>
      Float64Array.from(questions, ({ id }) => values[ofSample.get(id) ?? -1] ?? NaN);
    return {
      without: Object.fromEntries(Object.entries(kept.right).map(([name, right]) => [name, marksOf(right)])),
      areas: Object.fromEntries(Object.entries(areas).map(([name, values]) => [name, areasOf(values)])),
    };
  } catch (error) {
    return refuse(`cannot be read (${(error as Error).message})`);
  }
}

interface KeptUse {
  readonly version: number;
  readonly epoch: number;
  readonly questions: readonly number[]; // ids
  readonly right: Readonly<Record<string, string>>;
  readonly areas?: { readonly questions: readonly number[] } & Readonly<Record<string, readonly number[]>>;
}

function markAt(right: string, at: number | undefined, id: number): number {
  const mark = at === undefined ? undefined : right[at];
  if (mark !== '0' && mark !== '1') throw new Error(`question ${id} has no mark of 0 or 1`);
  return Number(mark);
}
