import type { PreTrainedTokenizer } from '@huggingface/transformers';
import type { ModelFolder } from '../model/folder';
import { loadTransformers } from '../model/transformers';

/** The words of a text: what stands between blanks. */
export const wordsOf = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

/** A text as token ids, and which of them each word became. */
export interface TokenizedText {
  readonly ids: readonly number[]; // with begin and end token
  readonly spans: readonly (readonly [from: number, to: number])[]; // [words]; `to` is not included
}

/** The tokenizer of a CLIP text tower: tokenizer.json through transformers.js. */
export class Tokenizer {
  private constructor(
    private readonly tokenizer: PreTrainedTokenizer,
    readonly padding: number,
    readonly maxTokens: number,
  ) {}

  static readonly files = ['tokenizer.json', 'tokenizer_config.json'];

  /** Reads local files only. Throws when one is missing or the tokenizer has no padding token. */
  static async load(folder: ModelFolder): Promise<Tokenizer> {
    for (const file of Tokenizer.files) folder.json(file);
    const { AutoTokenizer } = await loadTransformers();
    const tokenizer = await AutoTokenizer.from_pretrained(folder.path, { local_files_only: true });
    const maxTokens = folder.json('config.json').get('text_config.max_position_embeddings') ?? tokenizer.model_max_length;
    if (tokenizer.pad_token_id === undefined) throw new Error(`${folder.path}/tokenizer_config.json: pad_token is missing`);
    return new Tokenizer(tokenizer, tokenizer.pad_token_id, maxTokens as number);
  }

  /** Throws when the text has more tokens than the model takes: nothing is cut off in silence. */
  encode(text: string): readonly number[] {
    const ids = this.tokenizer.encode(text);
    if (ids.length <= this.maxTokens) return ids;
    throw new Error(`the text "${text}" has ${ids.length} tokens, the model takes ${this.maxTokens}. Shorten it`);
  }

  /** The text with the place of each word. Throws when a word alone has other tokens than in its place. */
  tokenize(text: string): TokenizedText {
    const ids = this.encode(text);
    const fromWords = [ids[0]];
    const spans = wordsOf(text).map((word): [number, number] => {
      const from = fromWords.length;
      fromWords.push(...this.tokenizer.encode(word, { add_special_tokens: false }));
      return [from, fromWords.length];
    });
    const agree = fromWords.length === ids.length - 1 && fromWords.every((id, i) => id === ids[i]);
    if (agree && spans.every(([from, to]) => from < to)) return { ids, spans };
    throw new Error(`the tokens of the text "${text}" are not those of its words. Choose words=prompt for this tokenizer`);
  }
}
