import { Random, SelfAttention, ShapeError, engineFromEnvironment, tf } from '@tass/tensor';
import { greatestDifference } from '@tass/testing';
import { questionAttention } from './question-attention';

beforeAll(() => engineFromEnvironment());

const [videos, questions, positions, tokens, dim, heads] = [2, 3, 4, 5, 6, 2];
const random = Random.fromSeed(8);
const normal = (name: string, shape: number[]): tf.Tensor => tf.tensor(random.fork(name).normals(tf.util.sizeFromShape(shape)), shape);
const parameters = SelfAttention.initialize({ dim, heads }, random.fork('parameters'));
const video = normal('video', [videos, tokens, dim]) as tf.Tensor3D;
const question = normal('question', [videos, questions, positions, dim]) as tf.Tensor4D;
const mask = tf.tensor3d([[[1, 1, 1, 1], [1, 1, 0, 0], [1, 0, 0, 0]], [[1, 1, 1, 0], [1, 1, 1, 1], [1, 1, 0, 0]]]); // prettier-ignore

it('is the rows of the question of self-attention over video and question', () => {
  const own = questionAttention(parameters, { video: SelfAttention.keysAndValues(parameters, video, { heads }), question, mask }, heads);
  for (let n = 0; n < questions; n++) {
    const asked = tf.squeeze(tf.slice(question, [0, n, 0, 0], [-1, 1, -1, -1]), [1]);
    const seen = tf.concat([tf.ones([videos, tokens]), tf.squeeze(tf.slice(mask, [0, n, 0], [-1, 1, -1]), [1])], 1) as tf.Tensor2D;
    const whole = SelfAttention.forward(parameters, { x: tf.concat([video, asked], 1) as tf.Tensor3D, mask: seen }, { heads });
    const rows = tf.slice(whole, [0, tokens, 0], [-1, positions, -1]);
    const ours = tf.squeeze(tf.slice(own, [0, n, 0, 0], [-1, 1, -1, -1]), [1]);
    expect(greatestDifference(ours.dataSync(), rows.dataSync())).toBeLessThan(1e-6);
  }
});

it('names the shape it expected', () => {
  const other = SelfAttention.keysAndValues(parameters, tf.zeros([3, 5, 6]), { heads });
  expect(() => questionAttention(parameters, { video: other, question, mask }, heads)).toThrow(
    new ShapeError('questionAttention: keys has shape [6, 5, 3], expected [rows=4, tokens, head=3]'),
  );
});
