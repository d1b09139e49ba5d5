import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { mostBytes, parseJson, readBytes, sha256Of } from '@tass/files';
import { readGraph } from '@tass/onnx';
import { digestOf } from './digests';

/**
 * A model in the folder layout of the model hub: config.json, preprocessor_config.json, tokenizer files and onnx/*.onnx.
 * Reading a file that is not there throws with its path and what to do.
 */
export class ModelFolder {
  readonly name: string;
  readonly path: string; // absolute: transformers.js takes a relative one for a model's name on the hub

  constructor(path: string) {
    this.path = resolve(path);
    this.name = basename(this.path);
  }

  /** A model whose weights stay in the file. Throws as `readGraph`. */
  graph(file: string): Uint8Array {
    return this.reading(file, readGraph);
  }

  private reading<Result>(file: string, read: (path: string) => Result): Result {
    try {
      return read(join(this.path, file));
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      if (code === undefined) throw cause;
      throw new Error(
        `model ${this.path}: ${file} ${code === 'ENOENT' ? `is not there${this.others(file)}` : `cannot be read (${message})`}. Expected a folder in the ` +
          'layout of the model hub, with config.json, preprocessor_config.json and onnx/. features:prepare fetches a model that is named as on the hub (org/name); ' +
          `the embedded models come with the repository (packages/encoders/models)${this.howToExport()}`,
        { cause },
      );
    }
  }

  /** VGGish is on no hub: its weights belong to their authors. */
  private howToExport(): string {
    return this.name.startsWith('vggish')
      ? '. VGGish: tools/vggish exports it from its public weights (tools/vggish/README.md). Or use CLAP or AST, which are fetched: features=clip-vit-b32-clap, features=clip-vit-b32-ast; or import vectors made elsewhere: features:import --as=audio'
      : '';
  }

  /** The same model in other precisions, where one is missing: another features.dtype may be there. */
  private others(file: string): string {
    const model = file.replace(/(?:_fp16|_quantized)?\.onnx$/, '');
    const names = model === file ? [] : this.beginningWith(model).filter((name) => name.endsWith('.onnx'));
    return names.length === 0 ? '' : `, but ${names.join(', ')}`;
  }

  /** A graph and the files of weights beside it, such as onnx/vision_model.onnx and onnx/vision_model.onnx_data (or .data). */
  withWeights(graph: string): string[] {
    return [graph, ...this.beginningWith(graph).filter((file) => file !== graph)];
  }

  private beginningWith(start: string): string[] {
    const folder = dirname(`${start}x`);
    const names = existsSync(join(this.path, folder)) ? readdirSync(join(this.path, folder)) : [];
    return names.map((name) => `${folder}/${name}`).filter((name) => name.startsWith(start)).sort(); // prettier-ignore
  }

  json(file: string): JsonFile {
    const path = join(this.path, file);
    try {
      return new JsonFile(path, parseJson(this.reading(file, (each) => readBytes(each, mostBytes.record))));
    } catch (cause) {
      if (cause instanceof SyntaxError) throw new Error(`${path}: is not JSON (${cause.message}). Fetch the model again`, { cause });
      throw cause;
    }
  }

  /** One sha256 over the content of `files`: what the features depend on. */
  digest(files: readonly string[]): string {
    const hash = createHash('sha256');
    for (const file of files) {
      const content = Buffer.from(
        digestOf(this.path, file, () => this.reading(file, (path) => sha256Of(path, mostBytes.weights))),
        'hex',
      );
      hash.update(file).update('\0').update(content);
    }
    return hash.digest('hex');
  }
}

/** Values of a JSON file by dotted key; errors name file and key. */
export class JsonFile {
  constructor(
    readonly path: string,
    private readonly content: unknown,
  ) {}

  get(key: string): unknown {
    return key.split('.').reduce<unknown>((value, part) => (value as Record<string, unknown> | null | undefined)?.[part], this.content);
  }

  number(key: string): number {
    const value = this.get(key);
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw new Error(`${this.path}: ${key} is ${JSON.stringify(value) ?? 'missing'}, expected a number`);
  }

  numbers(key: string, length: number): number[] {
    const value = this.get(key);
    if (Array.isArray(value) && value.length === length && value.every((each) => typeof each === 'number')) return value;
    throw new Error(`${this.path}: ${key} is ${JSON.stringify(value) ?? 'missing'}, expected ${length} numbers`);
  }
}
