import { audioQuestions } from './questions-audio';
import { audioVisualQuestions } from './questions-audio-visual';
import { visualQuestions } from './questions-visual';
import type { Scene } from './scene';
import { surveyScene } from './survey';
import { templateNames, templates, type Template, type TemplateName } from './templates';

/** A question that a scene answers without doubt. */
export interface Candidate {
  readonly template: TemplateName;
  readonly values: readonly string[]; // of the slots, in their order
  readonly answer: string; // one of the 42 of MUSIC-AVQA
  readonly circumstance?: string; // see Template.shares
  readonly clues?: readonly Clue[]; // what one modality alone shows; their truths are balanced
}

/** A clue for a model with one modality, and what is true in this scene: the answer, or whether the clue holds. */
export interface Clue {
  readonly clue: string; // the same words in every scene that looks, or sounds, the same
  readonly truth: string;
}

/** Every question that a scene answers without doubt and that is in a cell of its template. */
export function candidates(scene: Scene): Candidate[] {
  const survey = surveyScene(scene);
  const all = [...audioQuestions(survey), ...visualQuestions(survey), ...audioVisualQuestions(survey)];
  return all.filter(({ template, answer, circumstance = '' }) => cellsWith(template, answer)?.has(circumstance));
}

/** The cells of a template with this answer: the wanted share by circumstance, '' for none. Undefined if there is no such cell. */
export const cellsWith = (template: TemplateName, answer: string): ReadonlyMap<string, number> | undefined =>
  cells.get(template)!.get(answer);

const cells = new Map(templateNames.map((name) => [name, byAnswer(templates[name].shares)]));

function byAnswer(shares: Template['shares']): Map<string, Map<string, number>> {
  const result = new Map<string, Map<string, number>>();
  for (const [cell, share] of Object.entries(shares)) {
    const [answer, circumstance = ''] = cell.split(', ');
    const withAnswer = result.get(answer) ?? new Map<string, number>();
    result.set(answer, withAnswer.set(circumstance, share));
  }
  return result;
}

/** The cell of `Template.shares` that a candidate counts in. */
export function cellOf({ answer, circumstance }: Candidate): string {
  return circumstance ? `${answer}, ${circumstance}` : answer;
}

/** The text before, between and after the slots of each template. */
const between = new Map(templateNames.map((name) => [name, templates[name].content.split(/<\w+>/)]));

/** The text of a question with its slots filled from left to right, without the question mark. */
export function questionText({ template, values }: Pick<Candidate, 'template' | 'values'>): string {
  return between.get(template)!.reduce((text, part, slot) => text + values[slot - 1] + part);
}
