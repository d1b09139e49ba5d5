import * as tf from '../tf';
import { type LossOutputs, valueAndGradients } from '../value-and-gradients';
import { compile } from './compile';

type Named = ReadonlyMap<string, tf.Tensor>;
type Values = ReadonlyMap<string, Float32Array | Int32Array | Uint8Array>;

/**
 * The result of `valueAndGradients`, computed as in training: by a compiled step where the engine in use can compile. `inputs` are all tensors
 * that `loss` uses besides the parameters. Throws as `valueAndGradients` and `compile` do.
 */
export async function compiledGradients(
  parameters: Named,
  inputs: Readonly<Record<string, tf.Tensor>>,
  loss: (parameters: Named, inputs: Readonly<Record<string, tf.Tensor>>) => LossOutputs,
): Promise<{ outputs: Values; gradients: Values }> {
  const step = compile((given: { parameters: Record<string, tf.Tensor>; inputs: Record<string, tf.Tensor> }) => {
    const named = new Map(Object.entries(given.parameters));
    const { outputs, gradients } = valueAndGradients(named, (all) => loss(all, given.inputs));
    return Object.fromEntries([...entriesOf('output', Object.entries(outputs)), ...entriesOf('gradient', gradients)]);
  }, 'graph');
  const running = step.run({ parameters: Object.fromEntries(parameters), inputs });
  const made = Object.entries(await running.finally(() => step.dispose()));
  const valuesOf = (kind: string): Values =>
    new Map(made.filter(([name]) => name.startsWith(kind)).map(([name, tensor]) => [name.slice(kind.length + 1), tensor.dataSync()]));
  const values = { outputs: valuesOf('output'), gradients: valuesOf('gradient') };
  tf.dispose(made.map(([, tensor]) => tensor));
  return values;
}

const entriesOf = (kind: string, named: Iterable<[string, tf.Tensor]>): [string, tf.Tensor][] =>
  [...named].map(([name, tensor]) => [`${kind} ${name}`, tensor]);
