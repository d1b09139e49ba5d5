import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frames, Sound } from '@tass/media';
import { audioSizes, loadAudioEncoder } from '../audio/audio-encoder';
import { longestWindow } from '../audio/window';
import { ImageTower } from '../clip/image-tower';
import { TextTower } from '../clip/text-tower';
import { roundingOf } from '../model/dtype';
import { nodesIn, type NodesByProvider } from '../model/profile';
import type { ProviderName, SessionOptions } from '../model/session';
import { defaultSampling, type FeaturePlan } from './plan-stores';
import type { StageName } from './stages';

export type EncodedStage = Exclude<StageName, 'seconds'>;

/** What a model does on another provider than the CPU's. */
export interface DeviceCheck {
  readonly nodes: NodesByProvider;
  readonly difference: number; // greatest, from the CPU's values, as a share of their greatest
}

/**
 * Runs an encoder on a few made-up frames, texts or windows of sound, on `provider` and on the CPU, and compares. Throws where the provider
 * refuses the model or runs none of its nodes, and where the features differ by more than models of this precision may.
 */
export async function checkDevice(stage: EncodedStage, plan: FeaturePlan, provider: ProviderName): Promise<DeviceCheck> {
  const folder = mkdtempSync(join(tmpdir(), 'tass-profile-'));
  try {
    const found = await vectorsOf(stage, plan, { provider, profile: join(folder, 'profile') });
    const nodes = nodesIn(join(folder, readdirSync(folder)[0]));
    if (!nodes[provider]) throw new Error(`${provider} runs no node of the encoder of ${stage}: ${describeNodes(nodes)}`);
    const difference = greatestShare(found, await vectorsOf(stage, plan, {}));
    const limit = limitOf(stage, plan);
    if (!(difference <= limit))
      throw new Error(
        `${stage} on ${provider} differ from the CPU's by ${difference.toPrecision(2)} of the greatest value, more than ${limit}`,
      );
    return { nodes, difference };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `210 nodes on webgpu, 4 on cpu`. */
export const describeNodes = (nodes: NodesByProvider): string =>
  Object.entries(nodes)
    .sort(([, a], [, b]) => b - a)
    .map(([provider, count], index) => `${count}${index === 0 ? ' nodes' : ''} on ${provider}`)
    .join(', ');

/** How much stores of different providers may differ and still count as the same: by the rounding of the model's precision. */
const limitOf = (stage: EncodedStage, { clip }: FeaturePlan): number => roundingOf[stage === 'sound' ? 'fp32' : (clip?.dtype ?? 'fp32')];

async function vectorsOf(stage: EncodedStage, plan: FeaturePlan, session: SessionOptions): Promise<Float32Array[]> {
  if (stage === 'sound') return soundVectors(plan, session);
  if (!plan.clip) throw new Error(`${stage} are to be encoded, but no CLIP is given`);
  const options = { ...plan.clip, ...session };
  const tower = await (stage === 'frames' ? ImageTower : TextTower).load(plan.clip.folder, options);
  try {
    if (tower instanceof ImageTower) return Object.values(await tower.encode(madeUpFrames));
    const { sentence, words } = await tower.encode(['is there a violin', 'how many']);
    return [sentence, ...words.flat().map(({ embedding }) => embedding)];
  } finally {
    await tower.close();
  }
}

async function soundVectors({ audio, sampling = defaultSampling }: FeaturePlan, session: SessionOptions): Promise<Float32Array[]> {
  if (!audio) throw new Error('sounds are to be encoded, but no audio encoder is given');
  const { segmentSeconds } = sampling;
  const encoder = await loadAudioEncoder(audio.folder, { window: audio.window, segmentSeconds, ...session });
  try {
    return [await encoder.encode(madeUpSound(audioSizes(audio.folder).sampleRate), [0, 1])];
  } finally {
    await encoder.close();
  }
}

/** Two images of stripes that run into each other. */
const madeUpFrames: Frames = {
  ...{ count: 2, height: 96, width: 128 },
  pixels: Uint8Array.from({ length: 2 * 96 * 128 * 3 }, (_, i) => 127.5 * (1 + Math.sin(0.0137 * i + Math.sin(0.00071 * i)))),
};

/** A tone that rises, with a second to spare. */
function madeUpSound(sampleRate: number): Sound {
  const time = (sample: number): number => sample / sampleRate;
  const length = (longestWindow + 2) * sampleRate;
  return { sampleRate, samples: Float32Array.from({ length }, (_, i) => 0.5 * Math.sin(2 * Math.PI * (220 + 60 * time(i)) * time(i))) };
}

/** The greatest difference between two lists of vectors, relative to the greatest value of the second; infinite if either contains NaN. */
function greatestShare(found: readonly Float32Array[], expected: readonly Float32Array[]): number {
  const shares = expected.map((vector, index) => {
    const greatest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const difference = vector.reduce((most, value, i) => Math.max(most, Math.abs(value - found[index][i])), 0);
    return difference / greatest;
  });
  const most = Math.max(...shares);
  return Number.isNaN(most) ? Infinity : most;
}
