import { Random, type RowOrder, hostIndices } from '@tass/tensor';

/**
 * For each segment of a batch, row v * time + t, the segment of another video whose picture is its negative. Each segment draws alone: any other
 * video, any position. No segment is drawn twice, so the negatives are the batch's pictures in another order.
 *   In each second t the videos change places by a permutation that leaves none at its own; the segments that come to a video so, one of each
 *   second, get its pictures in random order. `videos` at least 2.
 */
export function drawNegatives(videos: number, time: number, random: Random): Int32Array {
  const positions = Array.from({ length: videos }, (_, video) => random.fork(`positions ${video}`).permutation(time));
  const drawn = new Int32Array(videos * time);
  for (let t = 0; t < time; t++)
    derangement(videos, random.fork(`videos ${t}`)).forEach(
      (other, video) => (drawn[video * time + t] = other * time + positions[other][t]),
    );
  return drawn;
}

/** The draw of a training step; undefined for one video, which has no negatives. */
export function negativesOf(seed: () => number, videos: number, time: number): RowOrder | undefined {
  if (videos === 1) return undefined;
  const draw = (): Int32Array => drawNegatives(videos, time, Random.fromSeed(seed()).fork('negatives'));
  return { order: hostIndices(draw, videos * time), inverse: hostIndices(() => inverseOf(draw()), videos * time) };
}

function inverseOf(order: Int32Array): Int32Array {
  const inverse = new Int32Array(order.length);
  order.forEach((row, i) => (inverse[row] = i));
  return inverse;
}

/** A permutation that leaves nothing in its place: about every third one is. */
function derangement(count: number, random: Random): Int32Array {
  for (;;) {
    const order = random.permutation(count);
    if (order.every((place, i) => place !== i)) return order;
  }
}
