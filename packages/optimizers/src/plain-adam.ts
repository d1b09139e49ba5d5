import { tf } from '@tass/tensor';
import type { AdamStep, NativeAdam, NativeParameter } from '@tass/tensor';

/** Adam in ordinary tensor operations, for engines without a kernel of their own: the same interface, in readable form. */
export const plainAdam: NativeAdam = {
  parameters: (initial) => initial.map((each) => new PlainParameter(each)),
  update(parameters, gradients, step) {
    const numbers = step();
    parameters.forEach((parameter, i) => (parameter as PlainParameter).update(gradients[i], numbers));
  },
};

class PlainParameter implements NativeParameter {
  private value: tf.Tensor;
  private first: tf.Tensor;
  private second: tf.Tensor;

  constructor(initial: tf.Tensor) {
    this.value = tf.keep(tf.clone(initial));
    this.first = tf.keep(tf.zerosLike(initial));
    this.second = tf.keep(tf.zerosLike(initial));
  }

  update(gradient: tf.Tensor, { step, learningRate, beta1, beta2, epsilon, weightDecay = 0 }: AdamStep): void {
    const [value, first, second] = tf.tidy(() => {
      const m = tf.add(tf.mul(this.first, beta1), tf.mul(gradient, 1 - beta1));
      const v = tf.add(tf.mul(this.second, beta2), tf.mul(tf.square(gradient), 1 - beta2));
      const mCorrected = tf.div(m, 1 - beta1 ** step);
      const vCorrected = tf.div(v, 1 - beta2 ** step);
      const left = weightDecay === 0 ? this.value : tf.mul(this.value, 1 - learningRate * weightDecay);
      return [tf.sub(left, tf.mul(tf.div(mCorrected, tf.add(tf.sqrt(vCorrected), epsilon)), learningRate)), m, v];
    });
    this.dispose();
    [this.value, this.first, this.second] = [tf.keep(value), tf.keep(first), tf.keep(second)];
  }

  read(): tf.Tensor {
    return tf.clone(this.value);
  }

  moments(): { first: tf.Tensor; second: tf.Tensor } {
    return { first: tf.clone(this.first), second: tf.clone(this.second) };
  }

  setMoments(first: tf.Tensor, second: tf.Tensor): void {
    tf.dispose([this.first, this.second]);
    [this.first, this.second] = [tf.keep(tf.clone(first)), tf.keep(tf.clone(second))];
  }

  dispose(): void {
    tf.dispose([this.value, this.first, this.second]);
  }
}
