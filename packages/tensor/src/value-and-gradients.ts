import * as tf from './tf';

/** The result of a loss function: the scalar that is differentiated, and any other tensors, to avoid computing them again. */
export type LossOutputs = { readonly total: tf.Tensor } & { readonly [name: string]: tf.Tensor };

/**
 * Runs `loss` on `named` parameters and differentiates `total`. `outputs` are the results of `loss`, as tensors of the caller (they can be
 * disposed, or left to a surrounding tf.tidy); no other tensor remains. `gradients` has every name: a parameter that the loss does not depend
 * on has a gradient of zeros. Note that tf.tidy does not look into a Map: gradients are not to be returned through one.
 * Throws RangeError when `total` is not one number.
 */
export function valueAndGradients<Outputs extends LossOutputs>(
  named: ReadonlyMap<string, tf.Tensor>,
  loss: (named: ReadonlyMap<string, tf.Tensor>) => Outputs,
): { outputs: Outputs; gradients: Map<string, tf.Tensor> } {
  const parameters = [...named.values()];
  const kept: [string, tf.Tensor][] = [];
  const result = tf.tidy(() => {
    try {
      const { grads } = tf.engine().gradients(
        () => {
          const outputs = loss(named);
          if (outputs.total.size !== 1)
            throw new RangeError(`valueAndGradients: total has shape [${outputs.total.shape.join(', ')}], expected a scalar`);
          for (const [name, output] of Object.entries(outputs)) kept.push([name, tf.keep(tf.clone(output))]); // past the end of the forward pass
          return outputs.total;
        },
        parameters,
        undefined,
        true,
      );
      return {
        outputs: Object.fromEntries(kept.map(([name, output]) => [name, tf.clone(output)])),
        gradients: parameters.map((parameter, i) => (grads[i] as tf.Tensor | undefined) ?? tf.zerosLike(parameter)),
      };
    } catch (error) {
      disposeTape();
      throw error;
    } finally {
      kept.forEach(([, output]) => output.dispose());
    }
  });
  return { outputs: result.outputs as Outputs, gradients: new Map([...named.keys()].map((name, i) => [name, result.gradients[i]])) };
}

/** An error in the forward pass leaves the tensors that were saved for the backward pass; TensorFlow.js disposes them only after that. */
function disposeTape(): void {
  const { state } = tf.engine();
  state.activeTape?.forEach(({ saved }) => saved?.forEach((tensor) => tensor.dispose()));
  state.activeTape = [];
}
