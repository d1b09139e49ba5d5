import type { tf } from '@tass/tensor';

/** Values by name, as checkpoints keep them. */
export type NamedArrays = Record<string, { readonly shape: number[]; readonly data: Float32Array }>;

/** All that an optimizer needs to go on where it was, besides the parameters themselves. */
export interface OptimizerState {
  readonly step: number; // updates so far
  readonly moments: NamedArrays; // Adam: `first.<parameter>` and `second.<parameter>`
}

/** Owns the parameters while a network is trained. All names are those that it was made with. */
export interface Optimizer {
  /** The parameters as they are; valid until the next `apply`, and not to be disposed by the caller. */
  parameters(): Map<string, tf.Tensor>;
  /**
   * Moves every parameter by its gradient. Gradients stay the caller's; those of other names are passed over. `learningRate` is the one of
   * this step, the optimizer's own by default. Throws where a parameter has no gradient.
   */
  apply(gradients: ReadonlyMap<string, tf.Tensor>, learningRate?: number): void;
  state(): OptimizerState;
  /** Takes over the step and moments. Throws, without a change, where a name or shape differs. */
  restore(state: OptimizerState): void;
  dispose(): void;
}
