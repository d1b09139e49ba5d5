import { audioQuestions } from './questions-audio';
import { audioVisualQuestions } from './questions-audio-visual';
import { visualQuestions } from './questions-visual';
import type { Scene } from './scene';
import { surveyScene } from './survey';
import { templates, type Template, type TemplateName } from './templates';

/** A question that a scene answers without doubt. */
export interface Candidate {
  readonly template: TemplateName;
  readonly values: readonly string[]; // of the slots, in their order
  readonly answer: string; // one of the 42 of MUSIC-AVQA
  readonly circumstance?: string; // see Template.shares
  readonly clues?: readonly Clue[]; // what one modality alone shows; their truths come level
}

/** What a model with one modality could go by, and what is true in this scene: the answer, or whether the clue holds. */
export interface Clue {
  readonly clue: string; // of the same words in every scene where it looks, or sounds, the same
  readonly truth: string;
}

/** Every question that a scene answers without doubt and that is in a cell of its template. */
export function candidates(scene: Scene): Candidate[] {
  const survey = surveyScene(scene);
  const all = [...audioQuestions(survey), ...visualQuestions(survey), ...audioVisualQuestions(survey)];
  return all.filter((candidate) => cellOf(candidate) in templates[candidate.template].shares);
}

/** The cell of `Template.shares` that a candidate counts in. */
export function cellOf({ answer, circumstance }: Candidate): string {
  return circumstance ? `${answer}, ${circumstance}` : answer;
}

/** The text of a question with its slots filled from left to right, without the question mark. */
export function questionText({ template, values }: Pick<Candidate, 'template' | 'values'>): string {
  const { content }: Template = templates[template];
  let next = 0;
  return content.replace(/<\w+>/g, () => values[next++]);
}
