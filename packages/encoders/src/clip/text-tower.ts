import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { type Dtype, onnxFile } from '../model/dtype';
import { ModelFolder } from '../model/folder';
import { expectSameVector } from '../model/same-vector';
import { createSession, type Session, type SessionOptions } from '../model/session';
import { OnnxGraph } from '@tass/onnx';
import { addHiddenOutput, addTokenOutput, hiddenOutput, tokenOutput } from './token-output';
import { Tokenizer, wordsOf } from './tokenizer';

/**
 * How a word gets its embedding in CLIP's joint space.
 * - `prompt`: the end token's embedding of the word's own prompt, the same in every text (ours).
 * - `token`: the word's token in the context of its text, through the end token's LayerNorm and projection; the mean where it
 *   has several. Only the end token was trained, so these may be out of line with images.
 * - `hidden`: no words, but all tokens that the model takes (77), padding included, behind the last LayerNorm and before the projection: in no joint
 *   space. As QA-TIGER reads them.
 */
export type WordReadOut = 'prompt' | 'token' | 'hidden';

export interface TextTowerOptions extends SessionOptions {
  readonly words: WordReadOut;
  readonly prompt?: string; // with {word} where the word stands; default 'a {word}'
  readonly dtype?: Dtype; // default fp32
}

export interface WordEmbedding {
  readonly word: string;
  readonly embedding: Float32Array; // [joint], not normalised
}

export interface TextEmbeddings {
  readonly sentence: Float32Array; // [texts, joint], not normalised
  readonly words: readonly (readonly WordEmbedding[])[]; // [texts][words of the text]
}

export const defaultPrompt = 'a {word}';

const batch = 64; // texts in one pass

/** CLIP's text tower from a folder in the hub's layout. */
export class TextTower {
  private readonly prompted = new Map<string, Float32Array>();

  private constructor(
    readonly joint: number,
    private readonly session: Session,
    private readonly tokenizer: Tokenizer,
    private readonly readOut: WordReadOut,
    private readonly prompt: string,
    private readonly file: string,
  ) {}

  /** Files that the embeddings depend on. */
  static files(folder: ModelFolder, dtype: Dtype): string[] {
    return [...folder.withWeights(onnxFile('text_model', dtype)), 'config.json', ...Tokenizer.files];
  }

  /**
   * Loads the text_model of `dtype` and the tokenizer, and checks them on an empty text.
   * Throws when a file is missing, the graph is not known or its outputs do not have the shapes of a CLIP's.
   */
  static async load(path: string, options: TextTowerOptions): Promise<TextTower> {
    const { words, prompt = defaultPrompt, dtype = 'fp32' } = options;
    if (!prompt.includes('{word}')) throw new Error(`the prompt is "${prompt}", expected {word} in it, as in "${defaultPrompt}"`);
    const folder = new ModelFolder(path);
    const textFile = onnxFile('text_model', dtype);
    const file = `${path}/${textFile}`;
    const graph = new OnnxGraph(folder.graph(textFile), file);
    if (words === 'token') addTokenOutput(graph);
    if (words === 'hidden') addHiddenOutput(graph);
    const session = await createSession(graph.encode(), file, options);
    const tokenizer = await Tokenizer.load(folder);
    const blank = tokenizer.encode('');
    const { text_embeds: pooled, [tokenOutput]: tokens } = await run(session, [blank], tokenizer.padding);
    const joint = pooled?.dims[1] ?? 0;
    if (pooled?.dims.length !== 2 || joint === 0)
      throw new Error(`${file}: of one text it gives text_embeds [${pooled?.dims}], expected [1, joint]`);
    if (tokens) expectEndToken(file, tokens, blank.length, pooled.data as Float32Array, dtype);
    return new TextTower(joint, session, tokenizer, words, prompt, file);
  }

  /** Throws for a text of more tokens than the model takes. */
  async encode(texts: readonly string[]): Promise<TextEmbeddings> {
    const sentence = new Float32Array(texts.length * this.joint);
    const words: WordEmbedding[][] = [];
    for (let first = 0; first < texts.length; first += batch) {
      const some = texts.slice(first, first + batch);
      const outputs = await run(
        this.session,
        some.map((text) => this.tokenizer.encode(text)),
        this.tokenizer.padding,
        this.readOut === 'hidden' ? this.tokenizer.maxTokens : 0,
      );
      sentence.set(outputs.text_embeds.data as Float32Array, first * this.joint);
      for (const [row, text] of some.entries()) {
        if (this.readOut === 'prompt') words.push(await this.fromPrompts(text));
        else
          words.push(this.readOut === 'token' ? this.fromTokens(text, outputs[tokenOutput], row) : this.hidden(outputs[hiddenOutput], row));
      }
    }
    return { sentence, words };
  }

  async close(): Promise<void> {
    await this.session.release();
  }

  /** One prompt a pass: a word's embedding then has the same bits whichever words are encoded beside it. */
  private async fromPrompts(text: string): Promise<WordEmbedding[]> {
    const result: WordEmbedding[] = [];
    for (const word of wordsOf(text)) {
      let embedding = this.prompted.get(word);
      if (!embedding) {
        const outputs = await run(this.session, [this.tokenizer.encode(this.prompt.replaceAll('{word}', word))], this.tokenizer.padding);
        embedding = Float32Array.from(outputs.text_embeds.data as Float32Array);
        this.prompted.set(word, embedding);
      }
      result.push({ word, embedding });
    }
    return result;
  }

  private fromTokens(text: string, { data, dims: [, length] }: InferenceSession.OnnxValueMapType[string], row: number): WordEmbedding[] {
    const { joint } = this;
    const { spans } = this.tokenizer.tokenize(text);
    return wordsOf(text).map((word, index) => {
      const [from, to] = spans[index];
      const embedding = new Float32Array(joint);
      for (let token = from; token < to; token++) {
        for (let i = 0; i < joint; i++) embedding[i] += (data as Float32Array)[(row * length + token) * joint + i] / (to - from);
      }
      return { word, embedding };
    });
  }

  /** Every token of a text; the store holds vectors of the width of the joint space. */
  private hidden({ data, dims: [, length, width] }: InferenceSession.OnnxValueMapType[string], row: number): WordEmbedding[] {
    if (width !== this.joint)
      throw new Error(`${this.file}: its tokens have ${width} values and its texts ${this.joint}, expected as many for words=hidden`);
    return Array.from({ length }, (_, token) => ({
      word: String(token),
      embedding: (data as Float32Array).slice((row * length + token) * width, (row * length + token + 1) * width),
    }));
  }
}

function run(
  session: Session,
  texts: readonly (readonly number[])[],
  padding: number,
  least = 0, // tokens
): Promise<InferenceSession.OnnxValueMapType> {
  const length = Math.max(least, ...texts.map((ids) => ids.length));
  const ids = new BigInt64Array(texts.length * length).fill(BigInt(padding));
  const mask = new BigInt64Array(texts.length * length);
  texts.forEach((text, row) =>
    text.forEach((id, i) => {
      ids[row * length + i] = BigInt(id);
      mask[row * length + i] = 1n;
    }),
  );
  const shape = [texts.length, length];
  const feeds = { input_ids: new Tensor('int64', ids, shape), attention_mask: new Tensor('int64', mask, shape) };
  return session.run(Object.fromEntries(Object.entries(feeds).filter(([name]) => session.inputNames.includes(name))));
}

/** The end token of the rewritten output must be the tower's own pooled embedding. */
function expectEndToken(
  file: string,
  tokens: InferenceSession.OnnxValueMapType[string],
  length: number,
  pooled: Float32Array,
  dtype: Dtype,
): void {
  const joint = pooled.length;
  if (tokens.dims.join() !== [1, length, joint].join()) {
    throw new Error(`${file}: of a text of ${length} tokens the rewritten graph gives [${tokens.dims}], expected [1, ${length}, ${joint}]`);
  }
  const end = (tokens.data as Float32Array).subarray((length - 1) * joint);
  expectSameVector(file, 'the end token of the rewritten graph is not text_embeds', end, pooled, dtype);
}
