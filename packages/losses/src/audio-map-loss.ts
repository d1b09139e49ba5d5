import { batchedMatMul, expectShape, inverseLengths, tf, unitLength } from '@tass/tensor';
import { maskedMean } from './masked-mean';

export interface AudioMapLossInputs {
  readonly audio: tf.Tensor3D; // [videos, time, joint], each segment's sound as a query
  readonly regions: tf.Tensor4D; // [videos, time, regions, joint]
  readonly logScale: tf.Scalar; // of the sound's cosines, the same as in the audio map
  readonly mask: tf.Tensor2D; // [videos, questions], 1 or 0; a video without a 1 is neither an example nor a negative
}

const TEMPERATURE = 0.07;

/**
 * Teaches the audio map to look at what sounds (ours): InfoNCE of a segment's sound over its own picture, those of the video's other seconds and
 * those of the other videos at the same second. The sound alone, without the text, is compared with each of them:
 *   s = sum over regions of p c, with c = cosine(sound, region) and p = softmax over regions of scale * c; loss = -log softmax of s / 0.07 at its own.
 * Compared with other videos, only the own picture shows what sounds; compared with the video's other seconds, what moves.
 * `ContrastiveMatch` compares what text and sound have pooled, where the text may do all the work. Picture by picture: `plain.ts`. Throws ShapeError.
 */
export function audioMapLoss({ audio, regions, logScale, mask }: AudioMapLossInputs): tf.Scalar {
  const {
    videos,
    time,
    regions: count,
  } = expectShape(
    'audioMapLoss',
    { audio, regions, mask },
    { audio: 'videos time joint', regions: 'videos time regions joint', mask: 'videos questions' },
  );
  return tf.tidy(() => {
    const sounds = unitLength(audio); // [videos, time, joint]
    const inverse = tf.reshape(inverseLengths(regions), [videos, time, count]);
    /** Of sounds [groups, sounds, joint] on the pictures of their group [groups, pictures, regions, joint]: [groups, sounds, pictures]. */
    const found = (queries: tf.Tensor, pictures: tf.Tensor, lengths: tf.Tensor): tf.Tensor => {
      const [groups, of] = pictures.shape;
      const products = batchedMatMul(queries, tf.reshape(pictures, [groups, of * count, -1]), true);
      const cosines = tf.reshape(tf.mul(products, tf.reshape(lengths, [groups, 1, of * count])), [groups, of, of, count]);
      return tf.sum(tf.mul(tf.softmax(tf.mul(cosines, tf.exp(logScale))), cosines), -1);
    };
    const inTime = found(sounds, regions, inverse); // [videos, time, time of the picture]
    const byTime = <Rank extends tf.Tensor>(x: Rank): tf.Tensor => tf.transpose(x, [1, 0, ...x.shape.slice(2).map((_, i) => i + 2)]);
    const inVideos = byTime(found(byTime(sounds), byTime(regions), byTime(inverse))); // [videos, time, videos of the picture]
    const valid = tf.max(mask, 1); // [videos]
    const noNegative = tf.maximum(tf.eye(videos), tf.sub(1, valid)); // [videos, videos of the picture]; the own picture is in `inTime`
    const others = tf.sub(inVideos, tf.expandDims(tf.mul(noNegative, 1e9), 1));
    const scores = tf.logSoftmax(tf.div(tf.concat([inTime, others], -1), TEMPERATURE)); // [videos, time, time + videos]
    const own = tf.sum(tf.mul(tf.slice(scores, [0, 0, 0], [videos, time, time]), tf.eye(time)), -1); // [videos, time]
    return maskedMean(tf.neg(own), tf.mul(tf.expandDims(valid, 1), tf.onesLike(own)));
  });
}
