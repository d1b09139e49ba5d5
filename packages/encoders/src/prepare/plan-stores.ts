import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { declarations } from '@tass/dataset-music-avqa';
import type { DatasetIdentity, Sampling, StoreDescription } from '@tass/feature-store';
import { audioIdentity, audioSizes } from '../audio/audio-encoder';
import type { AudioWindow } from '../audio/window';
import type { ProviderName } from '../model/session';
import { clipIdentity, type ClipOptions, clipSizes } from '../clip/clip';
import { datasetIdentity } from './dataset-identity';

/** An execution provider of onnxruntime; auto: a GPU's where one is found, else the CPU's. */
export type DeviceChoice = 'auto' | ProviderName;

/** Which features of which videos and texts, from what, to where. */
export interface FeaturePlan {
  readonly datasetRoot: string; // holds frames/ and audio/
  readonly storeRoot: string; // gets one folder for each encoder
  readonly clip?: ClipOptions & {
    readonly folder: string;
    readonly frames?: boolean; // false: texts only
    readonly prompts?: boolean; // of texts as declarations too, in a folder of their own
  };
  readonly audio?: { readonly folder: string; readonly window?: AudioWindow };
  readonly sampling?: Sampling; // default: ten segments of one second. A video of 60 s in ten segments: segmentSeconds 6
  readonly device?: DeviceChoice; // where the encoders compute; default cpu
  readonly words?: number; // of a text at most; default 16 (MUSIC-AVQA's longest has 14)
}

export const defaultSampling: Sampling = { choice: 'every', segments: 10, segmentSeconds: 1 };
const defaultWords = 16;

/** A folder of the store and what belongs into it. */
export interface PlannedStore {
  readonly encoder: 'seconds' | 'clip' | 'audio';
  readonly folder: string;
  readonly expected: StoreDescription;
}

/**
 * The folders that a plan's features lie in, with what they must hold; hand them to `openFeatureStore`. Their names tell
 * encoder, read-outs and sampling. Reads the models' files, to know their digests, but runs none of them.
 * Throws when `segments` is no whole number above 0, or `segmentSeconds` no number above 0.
 */
export function planStores(plan: FeaturePlan): PlannedStore[] {
  const { datasetRoot, storeRoot, clip, audio, sampling = defaultSampling, words = defaultWords } = plan;
  const { segments, segmentSeconds } = sampling;
  if (!Number.isInteger(segments) || segments < 1) throw new Error(`segments is ${segments}, expected a whole number above 0`);
  if (!(segmentSeconds > 0)) throw new Error(`segmentSeconds is ${segmentSeconds}, expected a number above 0`);
  const source = { root: storeRoot, dataset: datasetIdentity(datasetRoot), sampling };
  return [
    ...(sampling.choice === 'content' ? [planSeconds(plan)] : []),
    ...(clip ? [clipStore(source, clip, words)] : []),
    ...(clip?.prompts ? [promptStore(source, clip)] : []),
    ...(audio ? [audioStore(source, audio)] : []),
  ];
}

interface Source {
  readonly root: string;
  readonly dataset: DatasetIdentity;
  readonly sampling: Sampling;
}

const suffixOf = ({ choice, segments, segmentSeconds }: Sampling): string => `-${choice}-${segments}x${segmentSeconds}`;

/** The store of the second that represents each segment, chosen by content before anything is encoded. Reads no model. */
export function planSeconds({ datasetRoot, storeRoot, audio, sampling = defaultSampling }: FeaturePlan): PlannedStore {
  const sampleRate = soundRate({ audio });
  const encoder = { name: 'seconds', digest: '', readOuts: {}, preprocessing: { sampleRate } };
  const fields = { second: { key: 'video', axes: ['time'], shape: [sampling.segments] } } as const;
  const folder = join(storeRoot, `seconds${suffixOf(sampling)}`);
  return { encoder: 'seconds', folder, expected: { encoder, dataset: datasetIdentity(datasetRoot), sampling, fields } };
}

/** Samples a second of the wavs that a plan reads: those that its audio encoder takes, else the field's 16000. */
export const soundRate = ({ audio }: Pick<FeaturePlan, 'audio'>): number => (audio ? audioSizes(audio.folder).sampleRate : 16000);

function clipStore({ root, dataset, sampling }: Source, clip: NonNullable<FeaturePlan['clip']>, words: number): PlannedStore {
  const { joint, regions, tokens } = clipSizes(clip.folder);
  const time = sampling.segments;
  const encoder = clipIdentity(clip.folder, clip, clip.frames);
  const { dtype = 'fp32' } = clip;
  const name = dtype === 'fp32' ? encoder.name : `${encoder.name}-${dtype}`;
  const [axis, count] = clip.words === 'hidden' ? (['tokens', tokens] as const) : (['words', words] as const);
  const ofTexts = {
    sentence: { key: 'text', axes: ['joint'], shape: [joint] },
    words: { key: 'text', axes: [axis, 'joint'], shape: [count, joint] },
  } as const;
  if (clip.frames === false) {
    const folder = join(root, `${name}-words-${clip.words}`);
    return { encoder: 'clip', folder, expected: { encoder, dataset, sampling: defaultSampling, fields: ofTexts } };
  }
  const fields = {
    frame: { key: 'video', axes: ['time', 'joint'], shape: [time, joint] },
    patch: { key: 'video', axes: ['time', 'regions', 'joint'], shape: [time, regions, joint] },
    ...ofTexts,
  } as const;
  const folder = join(root, `${name}-patches-${clip.patches}-words-${clip.words}${suffixOf(sampling)}`);
  return { encoder: 'clip', folder, expected: { encoder, dataset, sampling, fields } };
}

/** By question: its text as a declaration, in the joint space. Another wording of a declaration is another store. */
function promptStore({ root, dataset }: Source, clip: NonNullable<FeaturePlan['clip']>): PlannedStore {
  const { dtype = 'fp32' } = clip;
  const wording = createHash('sha256').update(JSON.stringify(declarations)).digest('hex').slice(0, 16);
  const encoder = { ...clipIdentity(clip.folder, clip, false), readOuts: { declarations: wording, dtype }, preprocessing: {} };
  const fields = { prompt: { key: 'text', axes: ['joint'], shape: [clipSizes(clip.folder).joint] } } as const;
  const name = dtype === 'fp32' ? encoder.name : `${encoder.name}-${dtype}`;
  return { encoder: 'clip', folder: join(root, `${name}-prompts`), expected: { encoder, dataset, sampling: defaultSampling, fields } };
}

function audioStore(
  { root, dataset, sampling }: Source,
  { folder: model, window = 'segment' }: NonNullable<FeaturePlan['audio']>,
): PlannedStore {
  const encoder = audioIdentity(model, { window, segmentSeconds: sampling.segmentSeconds });
  const fields = { audio: { key: 'video', axes: ['time', 'audioDim'], shape: [sampling.segments, audioSizes(model).audioDim] } } as const;
  const name = window === 'segment' ? encoder.name : `${encoder.name}-${window}`;
  return { encoder: 'audio', folder: join(root, `${name}${suffixOf(sampling)}`), expected: { encoder, dataset, sampling, fields } };
}
