import { onnxruntimeInUse } from '../backends/onnxruntime/install';
import { placeholder, typeOf } from '../backends/onnxruntime/held-tensors';
import { OnnxruntimeStep } from '../backends/onnxruntime/step-function';
import { TensorFlowStep } from '../backends/tensorflow/step-function';
import { tensorFlowBackend } from '../backends/tensorflow/tensorflow-backend';
import { namedParameters, withParameters } from '../module';
import * as tf from '../tf';
import { CompileError } from './compile-error';
import type { Compiler, NamedTensors, RecordedStep, StepFunction } from './step-function';

export type CompileMode = 'off' | 'graph';

/** A step whose tensors all come from its argument (a tree of tensors), from variables, or from hostTensor. */
export interface CompiledStep<Inputs extends object, Outputs extends NamedTensors> {
  /** The step's outputs, as tensors of the caller. A compiled step runs on threads of its own: JavaScript continues, and the inputs may be disposed at once. */
  run(inputs: Inputs): Promise<Outputs>;
  /**
   * Records the step for inputs like these of other shapes and begins to compile it, in parallel with runs. Throws CompileError as `run`
   * does. It only saves time, and does nothing on engines that need values to record.
   */
  prepare(like: Inputs, shapeOf: (shape: readonly number[], name: string) => readonly number[]): void;
  /** Which operations of the functions made so far a GPU leaves to the CPU, in words; undefined where there are none. */
  placement(): Promise<string | undefined>;
  dispose(): void;
}

/** Whether the engine in use can compile; elsewhere every mode is `off`. */
export function canCompile(): boolean {
  return compilerInUse() !== undefined;
}

function compilerInUse(): Compiler | undefined {
  const tensorFlow = tensorFlowBackend();
  if (tensorFlow !== undefined) return { compile: (recorded) => new TensorFlowStep(tensorFlow, recorded), typeOf: ({ dtype }) => dtype };
  const onnxruntime = onnxruntimeInUse();
  return onnxruntime && { compile: (recorded) => new OnnxruntimeStep(recorded, onnxruntime), typeOf, placeholder };
}

/**
 * With `graph`, compiles the step to one function of the engine for each combination of shapes.
 * The step is recorded, without running it, before its first call for a combination. Before calls 2, 10, 100, 1000, ... of all it is recorded
 * again and must give the same recording: a number that JavaScript computes at every call would keep its first value. Every result comes from the function,
 * also the first one, so that a resumed run gives the same bits.
 * Where the engine cannot compile, and with `off`, the step runs uncompiled. Take gradients inside the step.
 * `run` throws CompileError when the step cannot be recorded, when two recordings differ, and inside a gradient.
 */
export function compile<Inputs extends object, Outputs extends NamedTensors>(
  step: (inputs: Inputs) => Outputs,
  mode: CompileMode,
): CompiledStep<Inputs, Outputs> {
  const compiler = compilerInUse();
  if (mode === 'off' || compiler === undefined) {
    const nothing = (): void => undefined;
    return { run: async (inputs) => tf.tidy(() => step(inputs)), prepare: nothing, placement: async () => undefined, dispose: nothing };
  }
  const functions = new Map<string, StepFunction>();
  const functionFor = (inputs: object): { compiled: StepFunction; recorded: RecordedStep } => {
    const recorded: RecordedStep = { step: (given) => step(given as Inputs), inputs, args: namedParameters(inputs) };
    const signature = [...recorded.args].map(([name, tensor]) => `${name} ${compiler.typeOf(tensor)}[${tensor.shape.join()}]`).join();
    let compiled = functions.get(signature);
    if (compiled === undefined) functions.set(signature, (compiled = compiler.compile(recorded)));
    return { compiled, recorded };
  };
  let calls = 0;
  return {
    async run(inputs) {
      if (tf.engine().state.gradientDepth > 0)
        throw new CompileError('compile: a compiled step has no gradient. Take gradients inside the step');
      const { compiled, recorded } = functionFor(inputs);
      if (/^(2|10+)$/.test(String(++calls))) compiled.expectSame(recorded);
      return (await compiled.call(recorded.args)) as Outputs;
    },
    prepare(like, shapeOf) {
      const { placeholder } = compiler;
      if (placeholder === undefined) return;
      const made = new Map([...namedParameters(like)].map(([name, tensor]) => [name, placeholder(tensor, shapeOf(tensor.shape, name))]));
      try {
        functionFor(withParameters(like, made));
      } finally {
        tf.dispose([...made.values()]);
      }
    },
    async placement() {
      const all = await Promise.all([...functions.values()].map((compiled) => compiled.placement?.()));
      return all.find((words) => words !== undefined);
    },
    dispose() {
      functions.forEach((compiled) => compiled.dispose());
      functions.clear();
    },
  };
}
