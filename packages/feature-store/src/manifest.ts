import { join } from 'node:path';
import { findSealedFile, sealedJson, type Sealed } from '@tass/files';
import { writeWholeFile } from './whole-file';

/** The key of a feature: a video's id or a question's text. */
export type KeyKind = 'video' | 'text';

/** The encoder that made the features, and its settings. Stores can be mixed only if all of these are equal. */
export interface EncoderIdentity {
  readonly name: string; // of the model's folder
  readonly digest: string; // sha256 over the model's files; of imported features over their files
  readonly readOuts: Readonly<Record<string, string>>; // e.g. patches: value, words: prompt
  readonly preprocessing: Readonly<Record<string, unknown>>;
  readonly logitScale?: number; // of CLIP: the factor of its cosines
  readonly space?: string; // of imported features: 'clip:<model>' if they are in that CLIP's joint space, else 'own'
}

/** Which videos and questions were encoded. */
export interface DatasetIdentity {
  readonly name: string;
  readonly digest: string; // of the dataset's own description; '' where it has none
  readonly seed?: number; // of an embedded world
}

/**
 * The seconds of a video that represent its segments. `every`: segment i starts at second i * segmentSeconds, rounded down. `content`: the
 * video's first segments * segmentSeconds seconds are cut where it changes, and each stretch is represented by its most typical second.
 */
export interface Sampling {
  readonly choice: 'every' | 'content';
  readonly segments: number;
  readonly segmentSeconds: number;
}

export interface FieldDescription {
  readonly key: KeyKind;
  readonly axes: readonly string[];
  readonly shape: readonly number[]; // of one record
}

export interface StoreDescription {
  readonly encoder: EncoderIdentity;
  readonly dataset: DatasetIdentity;
  readonly sampling: Sampling;
  readonly fields: Readonly<Record<string, FieldDescription>>;
}

/** Where some of a store's records were computed, if not on the CPU, and how far that is from what the CPU computes. */
export interface ComputedBy {
  readonly provider: string; // onnxruntime's execution provider: webgpu, cuda, coreml, dml
  readonly device: string; // as its driver names it
  readonly of: string; // frames, texts, sound
  readonly nodes: Readonly<Record<string, number>>; // of the model, by the provider that ran them
  readonly difference: number; // greatest, from the CPU's values, as a share of their greatest; measured before the first record
}

/** `manifest.json` of a feature store: the fields of each key; the shards list the keys. Values are float16, little endian. */
export interface Manifest extends StoreDescription {
  readonly format: 'tass-feature-store';
  readonly version: 2;
  readonly dtype: 'float16';
  readonly computedBy?: readonly ComputedBy[]; // absent: all by the CPU. Shards name their provider
}

export const bytesPerValue = 2;

/** Explains in errors how to make features: with the full command, if the caller knows the experiment. */
export type HowToPrepare = () => string;
export const prepareUsual: HowToPrepare = () => 'Run: npx nx run features:prepare';

export const manifestPath = (folder: string): string => join(folder, 'manifest.json');

export const valuesPerRecord = ({ shape }: FieldDescription): number => shape.reduce((product, length) => product * length, 1);

/** The fields of one key kind, in the manifest's order. */
export const fieldsOf = ({ fields }: Pick<StoreDescription, 'fields'>, kind: KeyKind): [string, FieldDescription][] =>
  Object.entries(fields).filter(([, { key }]) => key === kind);

export function writeManifest(folder: string, description: StoreDescription & Pick<Manifest, 'computedBy'>): void {
  const manifest: Manifest = { format: 'tass-feature-store', version: 2, dtype: 'float16', ...description };
  writeWholeFile(manifestPath(folder), Buffer.from(sealedJson(manifest, 1)));
}

/** A manifest, with the text from which a store's digest is computed. */
export interface ReadManifest extends Pick<Sealed, 'body' | 'isChecked'> {
  readonly manifest: Manifest;
}

/** Reads `manifest.json`; undefined without one. Throws an error with file and key if it is malformed. */
export const readManifest = (folder: string, howToPrepare = prepareUsual): Manifest | undefined =>
  readWholeManifest(folder, howToPrepare)?.manifest;

/** As `readManifest`. */
export function readWholeManifest(folder: string, howToPrepare = prepareUsual): ReadManifest | undefined {
  const file = manifestPath(folder);
  const remedy = (): string => `Remove the folder and make it again. ${howToPrepare()}`;
  const refuse = (what: string): never => {
    throw new Error(`${file}: ${what}. ${remedy()}`);
  };
  const read = findSealedFile(file, remedy);
  if (read === undefined) return undefined;
  const { content, body, isChecked } = read;
  const manifest = (content ?? {}) as Partial<Manifest>;
  if (manifest.format !== 'tass-feature-store') refuse(`format is ${JSON.stringify(manifest.format)}, expected "tass-feature-store"`);
  if (manifest.version !== 2) refuse(`version is ${JSON.stringify(manifest.version)}, this program reads version 2`);
  if (manifest.dtype !== 'float16') refuse(`dtype is ${JSON.stringify(manifest.dtype)}, expected "float16"`);
  for (const key of ['encoder', 'dataset', 'sampling', 'fields'] as const)
    if (typeof manifest[key] !== 'object' || manifest[key] === null) refuse(`key ${key} is missing`);
  for (const [name, field] of Object.entries(manifest.fields ?? {})) {
    if (!(field?.shape?.length > 0 && field.shape.every((length) => Number.isInteger(length) && length > 0))) {
      refuse(`fields.${name}.shape is ${JSON.stringify(field?.shape)}, expected whole numbers above 0`);
    }
  }
  return { manifest: manifest as Manifest, body, isChecked };
}
