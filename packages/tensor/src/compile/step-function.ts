import type * as tf from '../tf';

export type NamedTensors = Readonly<Record<string, tf.Tensor>>;

/** A step with its argument, a tree of tensors, and with that tree's tensors by name. */
export interface RecordedStep {
  readonly step: (inputs: object) => NamedTensors;
  readonly inputs: object;
  readonly args: ReadonlyMap<string, tf.Tensor>;
}

/** A step as one function of an engine, for one combination of shapes. */
export interface StepFunction {
  /** The step's outputs, as tensors of the caller. The arguments may be disposed as soon as it returns. */
  call(args: ReadonlyMap<string, tf.Tensor>): Promise<NamedTensors>;
  /** Operations that a GPU leaves to the CPU, in words; undefined where there are none. Absent where the engine computes in one place. */
  placement?(): Promise<string | undefined>;
  /** Records the step again. Throws CompileError if it has changed. */
  expectSame(recorded: RecordedStep): void;
  dispose(): void;
}

/** How an engine turns steps into functions. */
export interface Compiler {
  /** Records a step for one combination of shapes, without running it. Throws CompileError if that is impossible. */
  compile(recorded: RecordedStep): StepFunction;
  /** What a function is made for, besides the shape. */
  typeOf(tensor: tf.Tensor): string;
  /** A tensor of another shape to record a step with, without values. Absent where recording needs them. */
  placeholder?(like: tf.Tensor, shape: readonly number[]): tf.Tensor;
}
