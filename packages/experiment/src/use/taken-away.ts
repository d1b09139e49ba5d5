import type { CurveOrder, CurvePart, Looked } from '@tass/evaluation';
import type { NetworkBatch } from '@tass/network';
import { tf } from '@tass/tensor';
import type { Blanks } from './blanks';

/** Weights of parts that are removed together: the seconds of a video, or the regions of each second. */
export type Weights = readonly Float32Array[]; // [1 or seconds][places]

/**
 * Weights from the network: the sum of its shares in time over heads and modalities, and the map that pooled. Undefined for a part without
 * attention or a map.
 */
export function weightsOf(
  { attention, attentionByHead, maps }: Looked,
  { regions, audio }: NetworkBatch,
): Partial<Record<CurvePart, Weights>> {
  const halves = Object.values(attentionByHead ?? attention ?? {}); // each [heads * time] or [time]
  const time = (regions ?? audio)?.shape[1];
  const seconds = new Float32Array(time ?? 0);
  for (const half of halves) half.forEach((share, at) => (seconds[at % seconds.length] += share));
  const [pooled, count] = [maps?.pooled, regions?.shape[2]];
  return {
    ...(halves.length > 0 && { seconds: [seconds] }),
    ...(pooled &&
      count && { regions: Array.from({ length: pooled.length / count }, (_, at) => pooled.slice(at * count, (at + 1) * count)) }),
  };
}

/** 1 for places that stay, in their own order. `places`: in the order of removal or, for `insertion`, of addition. */
export function keptPlaces(places: readonly number[], order: CurveOrder, share: number): Float32Array {
  const count = Math.round(share * places.length);
  const kept = new Float32Array(places.length).fill(order === 'insertion' ? 0 : 1);
  for (const place of places.slice(0, count)) kept[place] = 1 - kept[place];
  return kept;
}

/**
 * The changed features of a batch, with blanks where `kept` is 0: [videos * (1 or seconds)][places]. A batch of one video can be used for
 * any number of them.
 */
export function withBlanks(
  inputs: NetworkBatch,
  blanks: Blanks,
  part: CurvePart,
  kept: readonly Float32Array[],
): Pick<NetworkBatch, keyof Blanks> {
  const { regions, frames, audio, audioPatches } = inputs;
  const flat = Float32Array.from(kept.flatMap((row) => [...row]));
  const mixed = (name: keyof Blanks, features: tf.Tensor, shape: readonly number[]): tf.Tensor => {
    const stays = tf.tensor(flat, [...shape]);
    return tf.add(tf.mul(features, stays), tf.mul(tf.tensor1d(blanks[name]!), tf.sub(1, stays)));
  };
  const time = (regions ?? audio)!.shape[1];
  if (part === 'regions') return { regions: mixed('regions', regions!, [kept.length / time, time, regions!.shape[2], 1]) as tf.Tensor4D };
  const videos = kept.length;
  return {
    ...(regions && { regions: mixed('regions', regions, [videos, time, 1, 1]) as tf.Tensor4D }),
    ...(frames && { frames: mixed('frames', frames, [videos, time, 1]) as tf.Tensor3D }),
    ...(audio && { audio: mixed('audio', audio, [videos, time, 1]) as tf.Tensor3D }),
    ...(audioPatches && { audioPatches: mixed('audioPatches', audioPatches, [videos, time, 1, 1]) as tf.Tensor4D }),
  };
}
