import type { TensorMetadata } from '@tensorflow/tfjs-node/dist/tfjs_binding';
import { constants } from '../backends/tensorflow/constants';
import { graphDef } from '../backends/tensorflow/graph-def';
import { type TensorFlowBackend, tensorFlowBackend } from '../backends/tensorflow/tensorflow-backend';
import { namedParameters } from '../module';
import * as tf from '../tf';
import { CompileError, type Input, type NamedTensors, type Recording, firstDifference, record } from './recording';

export const compileModes = ['off', 'graph', 'xla'] as const;
export type CompileMode = (typeof compileModes)[number];

/** A step whose tensors all come from its argument, a tree of tensors; from variables; and from hostTensor. */
export interface CompiledStep<Inputs extends object, Outputs extends NamedTensors> {
  /** The step's outputs, as tensors of the caller. While a compiled step runs, JavaScript goes on; the inputs may be disposed at once. */
  run(inputs: Inputs): Promise<Outputs>;
  dispose(): void;
}

/** Whether the engine in use can compile; elsewhere every mode is `off`. */
export function canCompile(): boolean {
  return tensorFlowBackend() !== undefined;
}

/**
 * The step as one function of TensorFlow for each combination of shapes: `graph` runs the operations as they are, `xla` as XLA merges them.
 * At the first call of a combination the step is recorded twice, which must give the same; what these runs do to variables is undone, and the
 * function makes the first result as all others. So a run that goes on later makes the same bits. Calls 10, 100, 1000, ... record once more and
 * compare, as a number of JavaScript that changes stays as it was recorded.
 * Where the engine cannot compile, and with `off`, the step runs as it is. Gradients are to be taken inside the step.
 * `run` throws CompileError where the step cannot be recorded, differs between two recordings, or runs inside of a gradient.
 */
export function compile<Inputs extends object, Outputs extends NamedTensors>(
  step: (inputs: Inputs) => Outputs,
  mode: CompileMode,
): CompiledStep<Inputs, Outputs> {
  const backend = tensorFlowBackend();
  if (mode === 'off' || backend === undefined) return { run: async (inputs) => tf.tidy(() => step(inputs)), dispose: () => undefined };
  const functions = new Map<string, StepFunction>();
  return {
    async run(inputs) {
      if (tf.engine().state.gradientDepth > 0)
        throw new CompileError('compile: a compiled step has no gradient. Take gradients inside the step');
      const named = namedParameters(inputs);
      const recordAgain = (): Recording => record(backend, () => step(inputs), named);
      const signature = [...named].map(([name, { dtype, shape }]) => `${name} ${dtype}[${shape.join()}]`).join();
      let compiled = functions.get(signature);
      if (compiled === undefined) functions.set(signature, (compiled = new StepFunction(backend, recordAgain, mode === 'xla')));
      return (await compiled.call(named, recordAgain)) as Outputs;
    },
    dispose() {
      functions.forEach((compiled) => compiled.dispose());
      functions.clear();
    },
  };
}

let count = 0;

/** One recorded step as a function of the binding. */
class StepFunction {
  private readonly name = `tass_step_${count++}`;
  private readonly recording: Recording;
  private calls = 0;

  constructor(
    private readonly backend: TensorFlowBackend,
    recordAgain: () => Recording,
    private readonly xla: boolean,
  ) {
    this.recording = recordAgain();
    this.expectSame(recordAgain(), 'between two calls with the same shapes');
    const { nodes, inputs, outputs, effects } = this.recording;
    this.backend.binding.defineFunction(this.name, {
      graphDef: graphDef(nodes),
      inputs: inputs.map((_, at) => `i${at}`),
      outputs: [...outputs.values()],
      effects,
    });
  }

  async call(args: ReadonlyMap<string, tf.Tensor>, recordAgain: () => Recording): Promise<NamedTensors> {
    this.calls++;
    if (isPowerOfTen(this.calls)) this.expectSame(recordAgain(), 'since it was compiled');
    const names = [...this.recording.outputs.keys()];
    const results = await this.start(args, names.length);
    return Object.fromEntries(names.map((name, at) => [name, this.backend.createOutputTensor(results[at])]));
  }

  private start(args: ReadonlyMap<string, tf.Tensor>, outputs: number): Promise<TensorMetadata[]> {
    const made: number[] = [];
    try {
      const ids = this.recording.inputs.map((input) => this.idOf(input, args, made));
      const attributes = this.xla ? [{ name: '_XlaMustCompile', type: constants.TF_ATTR_BOOL, value: true }] : [];
      return this.backend.binding.executeAside(this.name, attributes, ids, outputs);
    } finally {
      made.forEach((id) => this.backend.binding.deleteTensor(id));
    }
  }

  dispose(): void {
    this.backend.binding.removeFunction(this.name);
  }

  private idOf(input: Input, args: ReadonlyMap<string, tf.Tensor>, made: number[]): number {
    if (input.kind === 'argument') return this.backend.getInputTensorIds([args.get(input.name)!])[0];
    if (input.kind === 'variable') return input.id;
    const values = input.make();
    const id = this.backend.binding.createTensor([...input.shape], constants.TF_FLOAT, typeof values === 'number' ? [values] : values);
    made.push(id);
    return id;
  }

  private expectSame(again: Recording, when: string): void {
    const difference = firstDifference(this.recording, again);
    if (difference === undefined) return;
    throw new CompileError(
      `compile: the step changed ${when}, at ${difference}. A value of JavaScript differs: pass it as an argument or through hostTensor, or set engine.compile=off`,
    );
  }
}

/** 10, 100, 1000, ... */
function isPowerOfTen(count: number): boolean {
  return /^10+$/.test(String(count));
}
