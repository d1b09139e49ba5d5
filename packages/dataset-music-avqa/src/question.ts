export interface Question {
  readonly id: number; // unique within a file: question_id, or the row's position where rows are identified by it
  readonly videoId: string;
  readonly type: number; // index in QUESTION_TYPES
  readonly text: string; // slots filled, without the question mark; the words joined by blanks
  readonly words: readonly string[];
  readonly template: string; // slots as written, e.g. '<Object>', without the question mark
  readonly answer: number; // index in ANSWERS
  readonly frequency?: 'head' | 'tail'; // of MUSIC-AVQA-R and FortisAVQA: of the half with frequent or with rare answers
}

/** The words of a template that may contain a slot: a word with '<' is a slot as a whole (code). */
export const isSlot = (word: string): boolean => word.includes('<');

/** The words of a question: trailing blanks and one trailing question mark (also the full-width one, U+FF1F) are dropped, case is kept. */
export function questionWords(content: string): string[] {
  return content
    .trimEnd()
    .replace(/[?\uFF1F]$/, '')
    .split(/\s+/)
    .filter((word) => word !== '');
}

/**
 * Fills the slots of a template from left to right. A value such as 'acoustic_guitar' stays one word.
 * Throws RangeError when there are more or fewer values than slots.
 */
export function fillSlots(words: readonly string[], values: readonly string[]): string[] {
  const slots = words.filter(isSlot);
  if (slots.length !== values.length) {
    throw new RangeError(`${count(slots.length, 'slot')} (${slots.join(' ')}) but ${count(values.length, 'value')} (${values.join(', ')})`);
  }
  let next = 0;
  return words.map((word) => (isSlot(word) ? values[next++] : word));
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;
