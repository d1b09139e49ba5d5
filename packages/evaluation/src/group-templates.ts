import type { Question } from '@tass/dataset-music-avqa';

/** The questions of one type that a template made. */
export interface TemplateGroup {
  readonly type: number; // index in QUESTION_TYPES
  readonly template: string;
  readonly questions: readonly number[]; // their indices
}

/** In the order of the types, then of first appearance. A template of two types gives two groups. */
export function groupByTemplate(questions: readonly Pick<Question, 'type' | 'template'>[]): TemplateGroup[] {
  const groups = new Map<string, number[]>();
  questions.forEach(({ type, template }, index) => {
    const key = `${type} ${template}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [index]);
    else group.push(index);
  });
  const of = (indices: number[]): TemplateGroup => ({
    type: questions[indices[0]].type,
    template: questions[indices[0]].template,
    questions: indices,
  });
  return [...groups.values()].map(of).sort((a, b) => a.type - b.type);
}

/** Accuracy in percent by group, the mean over runs; `runs`: 1 for a right answer, 0 for a wrong one [questions]. */
export const accuracyByTemplate = (runs: readonly Uint8Array[], groups: readonly TemplateGroup[]): number[] =>
  groups.map(({ questions }) => {
    const right = runs.reduce((sum, marks) => sum + questions.reduce((count, index) => count + marks[index], 0), 0);
    return (100 * right) / (questions.length * runs.length);
  });
