import { questionWords, type Question } from '@tass/dataset-music-avqa';
import type { ExperimentData } from '../data';

/** A question in the user's words. */
export interface OwnQuestion {
  readonly question: Question; // its right answer is unknown, so `answer` is meaningless; if `known` is null, so are `type` and `template`
  readonly known: Question | null; // one of the run's questions with the same words, whose type and template it shares
  readonly unseen: readonly string[]; // words that did not occur in training
  readonly nearest: string | null; // if `known` is null: the training question that shares the most words with it, if any
}

/**
 * Questions about a video. Words that differ only in case are spelled as in training. `ids` are their positions. Throws RangeError for a
 * question without words or with more words than the run reads.
 */
export function ownQuestions(
  texts: readonly string[],
  videoId: string,
  { vocabulary, train, val, test, words: most }: Pick<ExperimentData, 'vocabulary' | 'train' | 'val' | 'test' | 'words'>,
): OwnQuestion[] {
  const spelling = new Map(vocabulary.entries.map((word) => [word.toLowerCase(), word]));
  const byText = new Map([...test, ...val, ...train].map((question) => [question.text, question]));
  return texts.map((given, id) => {
    const words = questionWords(given).map((word) => (vocabulary.has(word) ? word : (spelling.get(word.toLowerCase()) ?? word)));
    if (words.length === 0)
      throw new RangeError(`question ${JSON.stringify(given)} has no words. Write one, as "How many instruments are sounding?"`);
    if (words.length > most)
      throw new RangeError(`question ${JSON.stringify(given)} has ${words.length} words, the run reads at most ${most}. Shorten it`);
    const text = words.join(' ');
    const known = byText.get(text) ?? null;
    const { type, template } = known ?? { type: 0, template: text };
    return {
      question: { id, videoId, type, text, words, template, answer: 0 },
      known,
      unseen: [...new Set(words.filter((word) => !vocabulary.has(word)))],
      nearest: known === null ? nearestTo(words, train) : null,
    };
  });
}

/** By the words that two questions share, of all that either has; the first of equals. */
function nearestTo(words: readonly string[], questions: readonly Question[]): string | null {
  const wanted = new Set(words);
  let best: { readonly text: string | null; readonly share: number } = { text: null, share: 0 };
  for (const [text, each] of new Map(questions.map((question) => [question.text, new Set(question.words)]))) {
    const shared = [...wanted].filter((word) => each.has(word)).length;
    const share = shared / (wanted.size + each.size - shared);
    if (share > best.share) best = { text, share };
  }
  return best.text;
}
