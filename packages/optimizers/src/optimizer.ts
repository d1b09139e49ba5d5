import type { tf } from '@tass/tensor';

/** Values by name, as checkpoints keep them. */
export type NamedArrays = Record<string, { readonly shape: number[]; readonly data: Float32Array }>;

/** What an update depends on besides gradients and moments. */
export interface UpdateNumbers {
  readonly step: number; // from 1
  readonly learningRate: number;
}

/** Owns the parameters while a network is trained. All names are those that it was made with. */
export interface Optimizer {
  /** The parameters as they are; valid until the next `parameters` or `apply`, and not to be disposed by the caller. */
  parameters(): Map<string, tf.Tensor>;
  /**
   * Moves every parameter by its gradient. Gradients stay the caller's; those of other names are passed over. `numbers` are asked at every
   * call of a compiled step. Throws where a parameter has no gradient.
   */
  apply(gradients: ReadonlyMap<string, tf.Tensor>, numbers: () => UpdateNumbers): void;
  /** All that a resumed run needs besides the parameters and the count of steps. Adam: `first.<parameter>` and `second.<parameter>`. */
  moments(): NamedArrays;
  /** Takes over moments. Throws, without a change, where a name or shape differs. */
  restore(moments: NamedArrays): void;
  dispose(): void;
}
