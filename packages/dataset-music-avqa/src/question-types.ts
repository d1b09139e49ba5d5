export type Modality = 'Audio' | 'Visual' | 'Audio-Visual';

export interface QuestionType {
  readonly index: number; // 0..8, the order of the published tables
  readonly modality: Modality; // the group whose micro average it enters
  readonly kind: string; // as the annotations spell it, e.g. 'Counting'
  readonly name: string; // 'Audio-Visual Counting'
  readonly short: string; // 'AV-Count', unique over the nine
}

const type = (index: number, modality: Modality, kind: string, short: string): QuestionType => ({
  index,
  modality,
  kind,
  name: `${modality} ${kind}`,
  short,
});

/** The nine question types of MUSIC-AVQA in the order of the published tables. */
export const QUESTION_TYPES: readonly QuestionType[] = [
  type(0, 'Audio', 'Counting', 'A-Count'),
  type(1, 'Audio', 'Comparative', 'A-Comp'),
  type(2, 'Visual', 'Counting', 'V-Count'),
  type(3, 'Visual', 'Location', 'V-Loc'),
  type(4, 'Audio-Visual', 'Existential', 'AV-Exist'),
  type(5, 'Audio-Visual', 'Counting', 'AV-Count'),
  type(6, 'Audio-Visual', 'Location', 'AV-Loc'),
  type(7, 'Audio-Visual', 'Comparative', 'AV-Comp'),
  type(8, 'Audio-Visual', 'Temporal', 'AV-Temp'),
];
