import type { TensorMetadata } from '@tensorflow/tfjs-node/dist/tfjs_binding';
import { expectSameLog } from '../../compile/expect-same-log';
import { recordingContext } from '../../compile/recording-context';
import type { NamedTensors, RecordedStep, StepFunction } from '../../compile/step-function';
import * as tf from '../../tf';
import { constants } from './constants';
import { type Input, Recording } from './recording';
import type { TensorFlowBackend } from './tensorflow-backend';

let count = 0;

/** A step as one function of TensorFlow, for one combination of shapes. */
export class TensorFlowStep implements StepFunction {
  private readonly name = `tass_step_${count++}`;
  private readonly log: readonly string[];
  private readonly inputs: readonly Input[];
  private readonly outputs: readonly string[]; // names

  /** Throws CompileError where the step cannot be recorded. */
  constructor(
    private readonly backend: TensorFlowBackend,
    recorded: RecordedStep,
  ) {
    const { log, inputs, outputs } = this.record(recorded, (recording, outputIds) =>
      backend.binding.addFunction(recording.toFunction(this.name, outputIds)),
    );
    [this.log, this.inputs, this.outputs] = [log, inputs, outputs];
  }

  async call(args: ReadonlyMap<string, tf.Tensor>): Promise<NamedTensors> {
    const results = await this.start(args);
    return Object.fromEntries(this.outputs.map((name, at) => [name, this.backend.createOutputTensor(results[at])]));
  }

  expectSame(recorded: RecordedStep): void {
    expectSameLog(this.log, this.record(recorded).log);
  }

  dispose(): void {
    this.backend.binding.removeFunction(this.name);
  }

  private start(args: ReadonlyMap<string, tf.Tensor>): Promise<TensorMetadata[]> {
    const { binding } = this.backend;
    const made: number[] = [];
    try {
      const ids = this.inputs.map((input) => this.idOf(input, args, made));
      return binding.executeAsync(this.name, ids, this.outputs.length);
    } finally {
      made.forEach((id) => binding.deleteTensor(id));
    }
  }

  private idOf(input: Input, args: ReadonlyMap<string, tf.Tensor>, made: number[]): number {
    if (input.kind === 'argument') return this.backend.getInputTensorIds([args.get(input.name)!])[0];
    if (input.kind === 'variable') return input.id;
    const values = input.make();
    const id = this.backend.binding.createTensor([...input.shape], constants.TF_FLOAT, typeof values === 'number' ? [values] : values);
    made.push(id);
    return id;
  }

  /** Goes through the step without running it; no tensor of it remains. */
  private record(
    { step, inputs, args }: RecordedStep,
    then: (recording: Recording, outputIds: readonly number[]) => void = () => undefined,
  ): { log: readonly string[]; inputs: readonly Input[]; outputs: readonly string[] } {
    const { binding } = this.backend;
    const idOf = (tensor: tf.Tensor): number => this.backend.getInputTensorIds([tensor])[0];
    const graph = binding.newGraph();
    const recording = new Recording(binding, graph);
    const context = {
      feed: (tensor: tf.Tensor, make: () => number | Float32Array) =>
        recording.feed(() => idOf(tensor), { kind: 'host', make, shape: tensor.shape }),
    };
    for (const [name, tensor] of args) recording.input(idOf(tensor), { kind: 'argument', name });
    tf.engine().startScope();
    try {
      const ids = binding.tracing(recording, () => {
        const outputs = recordingContext.during(context, () => step(inputs));
        return new Map(Object.entries(outputs).map(([name, tensor]) => [name, idOf(tensor)]));
      });
      const results = [...ids].map(([name, id]) => `${name}: ${recording.labelOf(id)}`);
      then(recording, [...ids.values()]);
      return { log: [...recording.log, ...results], inputs: recording.inputs, outputs: [...ids.keys()] };
    } finally {
      tf.engine().endScope();
      graph.dispose();
    }
  }
}
