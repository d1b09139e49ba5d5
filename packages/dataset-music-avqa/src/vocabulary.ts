import type { Question } from './question';

const PADDING = '<pad>';
const UNKNOWN = '<unk>';

/** Words of the longest question of MUSIC-AVQA once its slots are filled; shorter ones are padded to it (code). */
export const MAX_WORDS = 14;

/**
 * Word <-> index. `<pad>` is 0, then come the words in order of first appearance in the training part, as in the published models; with the
 * official train file these are the field's 93 entries at the field's indices. `<unk>` (ours; the field has none) follows as the last entry.
 */
export class Vocabulary {
  readonly paddingIndex = 0;
  readonly unknownIndex: number;
  private readonly indices: ReadonlyMap<string, number>;

  /** `entries`: `<pad>`, the words, `<unk>`. Throws TypeError if one is repeated. */
  private constructor(readonly entries: readonly string[]) {
    this.indices = new Map(entries.map((entry, index) => [entry, index]));
    this.unknownIndex = entries.length - 1;
    if (this.indices.size !== entries.length) {
      const twice = entries.find((entry, index) => entries.indexOf(entry) !== index);
      throw new TypeError(`Vocabulary: ${JSON.stringify(twice)} occurs more than once`);
    }
  }

  /** The words of these questions, which should be the training part only. Throws TypeError if one is `<pad>` or `<unk>`. */
  static fromQuestions(questions: readonly Question[]): Vocabulary {
    const known = new Set<string>();
    for (const { words } of questions) for (const word of words) known.add(word);
    return new Vocabulary([PADDING, ...known, UNKNOWN]);
  }

  get size(): number {
    return this.entries.length;
  }

  indexOf(word: string): number {
    return this.indices.get(word) ?? this.unknownIndex;
  }

  has(word: string): boolean {
    return this.indices.has(word);
  }

  /** Indices [maxWords], padded at the end. Throws RangeError for a longer question: words are never cut off. */
  encode(words: readonly string[], maxWords = MAX_WORDS): Int32Array {
    if (words.length > maxWords) {
      throw new RangeError(`Vocabulary: "${words.join(' ')}" has ${words.length} words, expected at most ${maxWords}. Raise maxWords`);
    }
    const indices = new Int32Array(maxWords).fill(this.paddingIndex);
    words.forEach((word, position) => (indices[position] = this.indexOf(word)));
    return indices;
  }
}
