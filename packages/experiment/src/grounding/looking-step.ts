import type { Looked } from '@tass/evaluation';
import type { BuiltNetwork, NetworkBatch, NetworkOutputs } from '@tass/network';
import { compile, tf, type CompiledStep } from '@tass/tensor';
import type { Experiment } from '../schema';

/** The attention and maps of a network, one name each: [videos, questions or 1, ...]. */
const LOOKED = {
  'attention.visual': ({ attention }: NetworkOutputs) => attention?.visual,
  'attention.audio': ({ attention }: NetworkOutputs) => attention?.audio,
  'attentionByHead.visual': ({ attentionByHead }: NetworkOutputs) => attentionByHead?.visual,
  'attentionByHead.audio': ({ attentionByHead }: NetworkOutputs) => attentionByHead?.audio,
  'maps.text': ({ grounding }: NetworkOutputs) => grounding?.textMap,
  'maps.audio': ({ grounding }: NetworkOutputs) => grounding?.audioMap,
  'maps.pooled': ({ grounding }: NetworkOutputs) => grounding?.map,
  'target.words': ({ grounding }: NetworkOutputs) => grounding?.targetWeights,
} as const;
const NAMES = Object.keys(LOOKED) as (keyof typeof LOOKED)[];

/** The attention and maps for a batch, by name, and the probabilities, which every network has. */
export type LookingStep = CompiledStep<{ readonly parameters: object; readonly inputs: NetworkBatch }, Readonly<Record<string, tf.Tensor>>>;

/** The network as a step that returns attention and maps; `dispose` ends it. */
export function createLookingStep({ engine }: Pick<Experiment, 'engine'>, network: BuiltNetwork): LookingStep {
  return compile(({ parameters, inputs }) => {
    const outputs = network.forward(parameters, inputs, { maps: true });
    const looked = NAMES.flatMap((name) => {
      const tensor = LOOKED[name](outputs);
      return tensor ? [[name, tf.clone(tensor as tf.Tensor)]] : [];
    });
    return { probabilities: tf.softmax(outputs.logits), ...Object.fromEntries(looked) };
  }, engine.compile);
}

/** Attention and maps for each slot of a batch, from the step's result. `questions`: slots of a video. */
export function lookedBySlot(outputs: Readonly<Record<string, tf.Tensor>>, questions: number): (slot: number) => Looked {
  let grid: Looked['grid'];
  const parts = NAMES.flatMap((name) => {
    const tensor = outputs[name];
    if (tensor === undefined) return [];
    const [, own, ...rest] = tensor.shape; // `own` is 1 if all questions of a video share the value
    const size = tf.util.sizeFromShape(rest);
    const values = tensor.dataSync() as Float32Array;
    const [group, part] = name.split('.');
    if (group === 'maps') grid = [rest[0], rest[1]];
    return [{ group, part, at: (slot: number) => values.subarray(placeOf(slot, own) * size, (placeOf(slot, own) + 1) * size) }];
  });
  const placeOf = (slot: number, own: number): number => (own === 1 ? Math.floor(slot / questions) : slot);
  return (slot) => {
    const looked: Record<string, Record<string, Float32Array>> = {};
    for (const { group, part, at } of parts) (looked[group] ??= {})[part] = at(slot);
    return { ...looked, ...(grid && { grid }) };
  };
}
