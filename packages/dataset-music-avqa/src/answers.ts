/**
 * The 42 answers in the official order, that of first appearance in the official train file (code). "ten" is in neither val nor test, so
 * the list cannot be derived from those two.
 */
// prettier-ignore
export const ANSWERS: readonly string[] = [
  'two', 'cello', 'congas', 'zero', 'no', 'pipa', 'six', 'yes', 'one', 'four', 'three', 'seven', 'five', 'ukulele',
  'right', 'piano', 'left', 'accordion', 'clarinet', 'guzheng', 'more than ten', 'nine', 'indoor', 'saxophone', 'drum', 'violin', 'middle',
  'outdoor', 'bagpipe', 'bassoon', 'acoustic_guitar', 'banjo', 'electric_bass', 'ten', 'eight', 'flute', 'simultaneously', 'trumpet',
  'erhu', 'xylophone', 'tuba', 'suona',
];

const indices: ReadonlyMap<string, number> = new Map(ANSWERS.map((answer, index) => [answer, index]));

/** The index of an answer in `ANSWERS`, or undefined for a text that is not one of the 42. */
export function answerIndex(answer: string): number | undefined {
  return indices.get(answer);
}
