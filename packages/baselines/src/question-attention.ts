import { Linear, Projection, expectShape, tf, type KeysAndValues, type MultiHeadAttentionParameters } from '@tass/tensor';

export interface QuestionAttentionInputs {
  readonly video: KeysAndValues; // of its tokens
  readonly question: tf.Tensor4D; // [videos, questions, positions, dim]
  readonly mask: tf.Tensor3D; // [videos, questions, positions], 1 or 0: what of a question may be looked at
}

/**
 * Multi-head attention (arXiv 1706.03762) of a question's tokens to those of its video and to each other: those rows of self-attention over both. Keys and
 * values of the video serve all of its questions. Gives [videos, questions, positions, dim]. Throws ShapeError.
 */
export function questionAttention(
  parameters: MultiHeadAttentionParameters,
  { video, question, mask }: QuestionAttentionInputs,
  heads: number,
): tf.Tensor4D {
  const axes = { question: 'videos questions positions dim', mask: 'videos questions positions' };
  const { videos, questions, positions, dim } = expectShape('questionAttention', { question, mask }, axes);
  const [head, all, own] = [dim / heads, questions * positions, videos * heads * questions];
  const { keys, values } = video;
  const { tokens } = expectShape('questionAttention', { keys, values }, { keys: 'rows tokens head', values: 'rows tokens head' }, { rows: videos * heads, head }); // prettier-ignore
  return tf.tidy(() => {
    const byHead = (rows: tf.Tensor): tf.Tensor3D =>
      tf.reshape(tf.transpose(tf.reshape(rows, [videos, all, heads, head]), [0, 2, 1, 3]), [videos * heads, all, head]);
    const queries = byHead(tf.mul(Linear.forward(parameters.query, question), 1 / Math.sqrt(head)));
    const [ownKeys, ownValues] = [byHead(Projection.forward(parameters.key, question)), byHead(Linear.forward(parameters.value, question))];
    const ofQuestion = (rows: tf.Tensor3D): tf.Tensor3D => tf.reshape(rows, [own, positions, head]);

    const onVideo = tf.reshape(tf.matMul(queries, keys, false, true), [videos, heads, all, tokens]);
    const onOwn = tf.reshape(tf.matMul(ofQuestion(queries), ofQuestion(ownKeys), false, true), [videos, heads, all, positions]);
    const hidden = tf.mul(tf.sub(tf.reshape(mask, [videos, 1, questions, 1, positions]), 1), 1e9); // 0, or far below any score
    const masked = tf.add(
      onOwn,
      tf.reshape(tf.broadcastTo(hidden, [videos, 1, questions, positions, positions]), [videos, 1, all, positions]),
    );
    const shares = tf.softmax(tf.concat([onVideo, masked], -1) as tf.Tensor4D); // [videos, heads, questions * positions, tokens + positions]
    const [toVideo, toOwn] = tf.split(shares, [tokens, positions], -1);

    const seen = tf.matMul(tf.reshape(toVideo, [videos * heads, all, tokens]), values); // [videos * heads, questions * positions, head]
    const asked = tf.reshape(tf.matMul(tf.reshape(toOwn, [own, positions, positions]), ofQuestion(ownValues)), [videos * heads, all, head]);
    const joined = tf.transpose(tf.reshape(tf.add(seen, asked), [videos, heads, all, head]), [0, 2, 1, 3]);
    return Linear.forward(parameters.output, tf.reshape(joined, [videos, questions, positions, dim]) as tf.Tensor4D);
  });
}
