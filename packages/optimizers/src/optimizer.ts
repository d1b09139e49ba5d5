import type { tf } from '@tass/tensor';

/** Values by name, as checkpoints keep them. */
export type NamedArrays = Record<string, { readonly shape: number[]; readonly data: Float32Array }>;

/** What an update depends on besides gradients and moments. */
export interface UpdateNumbers {
  readonly step: number; // from 1
  readonly learningRate: number;
}

/** Owns the parameters while a network is trained. All names are those given at its creation. */
export interface Optimizer {
  /** The present parameters; valid until the next `parameters` or `apply`, and not to be disposed by the caller. */
  parameters(): Map<string, tf.Tensor>;
  /**
   * Moves every parameter by its gradient. Gradients remain the caller's; those of other names are ignored. `numbers` is evaluated at every
   * call of a compiled step. Throws if a parameter has no gradient.
   */
  apply(gradients: ReadonlyMap<string, tf.Tensor>, numbers: () => UpdateNumbers): void;
  /** All that a resumed run needs besides the parameters and the count of steps. Adam: `first.<parameter>` and `second.<parameter>`. */
  moments(): NamedArrays;
  /** Replaces the moments. Throws, without a change, if a name or shape differs. */
  restore(moments: NamedArrays): void;
  dispose(): void;
}
