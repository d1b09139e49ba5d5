import { CompileError } from '../../compile/compile-error';
import { hostTensor } from '../../compile/host-tensor';
import type { AdamStep, NativeAdam, NativeParameter } from '../../native-adam';
import * as tf from '../../tf';
import { correctedRate, leftByDecay, updateInPlace } from '../adam-update';
import { HeldTensors } from './held-tensors';
import { onnxruntimeInUse } from './install';
import { concat } from './kernels/arrangement';
import { Recorder } from './recorder';
import { Recording } from './recording';
import { sameShape, sizeOf, type StepGraph, type Symbolic } from './step-graph';
import { Variable } from './variable';

const mostTogether = 2 ** 14; // numbers of a parameter; above this, its arithmetic costs more than a separate operation

/** Adam as operations of the step's graph; outside of a compiled step as one loop over the variables' memory. */
export function onnxruntimeAdam(): NativeAdam {
  return {
    parameters(initial) {
      if (Recording.current !== undefined) throw new CompileError('compile: the step makes a variable. Make it before the step');
      const made: NativeParameter[] = [];
      for (const places of inGroups(initial))
        new Group(places.map((place) => initial[place])).parameters.forEach((parameter, at) => (made[places[at]] = parameter));
      return made;
    },
    update(parameters, gradients, step) {
      const all = parameters as readonly OnnxruntimeParameter[];
      if (Recording.current === undefined) return all.forEach((parameter, i) => parameter.update(gradients[i], step()));
      const given = (number: () => number) => Recorder.get().symbolOf(hostTensor(number, []));
      const [rate, epsilon] = [given(() => correctedRate(step()).rate), given(() => correctedRate(step()).epsilon)];
      const { beta1, beta2, weightDecay } = step();
      const numbers = { rate, epsilon, beta1, beta2, left: weightDecay ? given(() => leftByDecay(step())) : undefined };
      const gradientOf = new Map(all.map((parameter, i) => [parameter, Recorder.get().symbolOf(gradients[i])]));
      if (gradientOf.size < all.length)
        throw new CompileError('compile: Adam is given a parameter twice. Add its gradients, and give it once');
      for (const group of new Set(all.map((parameter) => parameter.group))) group.record(gradientOf, numbers);
    },
  };
}

/** Offsets: the small ones together, each of the others alone. */
function inGroups(tensors: readonly tf.Tensor[]): number[][] {
  const places = tensors.map((_, place) => place);
  const isSmall = (place: number): boolean => tensors[place].size <= mostTogether;
  return [places.filter(isSmall), ...places.filter((place) => !isSmall(place)).map((place) => [place])].filter(({ length }) => length > 0);
}

interface RecordedNumbers extends Pick<AdamStep, 'beta1' | 'beta2'> {
  readonly rate: Symbolic;
  readonly epsilon: Symbolic;
  readonly left: Symbolic | undefined; // by weight decay; undefined: all
}

/** Parameters whose numbers are contiguous in memory, so that Adam's dozen operations serve all of them at once. */
class Group {
  readonly parameters: readonly OnnxruntimeParameter[];
  private readonly variables: readonly [value: Variable, first: Variable, second: Variable];
  private inUse: number;

  constructor(initial: readonly tf.Tensor[]) {
    const whole = (): Variable => Variable.of(initial.reduce((sum, { size }) => sum + size, 0), onnxruntimeInUse()?.device); // prettier-ignore
    this.variables = [whole(), whole(), whole()];
    this.inUse = initial.length;
    let offset = 0;
    this.parameters = initial.map((tensor) => {
      const [value, first, second] = this.variables.map((variable) => variable.part(offset, tensor.shape));
      value.write(tensor.dataSync() as Float32Array);
      offset += tensor.size;
      return new OnnxruntimeParameter(this, value, first, second);
    });
  }

  /** Throws CompileError where one of its parameters has no gradient. */
  record(gradientOf: ReadonlyMap<OnnxruntimeParameter, Symbolic>, { rate, epsilon, beta1, beta2, left }: RecordedNumbers): void {
    const recording = Recording.current!;
    const { graph } = recording;
    const gradients = this.parameters.map((parameter) => gradientOf.get(parameter));
    gradients.forEach((gradient, i) => gradient && expectShapeOf(this.parameters[i], gradient));
    if (gradients.includes(undefined))
      throw new CompileError(
        `compile: Adam is given gradients of ${gradients.filter((each) => each).length} of ${gradients.length} parameters that were made together. Update them together, or make them apart`,
      );
    const { value: gradient, factor } = joined(graph, gradients as Symbolic[]);
    const [value, first, second] = this.variables.map((variable) => recording.valueOf(variable));
    const entrywise = (opType: string, a: Symbolic, b: Symbolic | number) => graph.elementwise(opType, [a, typeof b === 'number' ? graph.number(b, 'float32') : b]); // prettier-ignore
    const times = (share: number): Symbolic => entrywise('Mul', gradient, factor ? entrywise('Mul', factor, share) : share);
    const mean = entrywise('Add', entrywise('Mul', first, beta1), times(1 - beta1));
    const root = times(Math.sqrt(1 - beta2));
    const meanOfSquares = entrywise('Add', entrywise('Mul', second, beta2), entrywise('Mul', root, root));
    const change = entrywise('Div', entrywise('Mul', mean, rate), entrywise('Add', graph.elementwise('Sqrt', [meanOfSquares]), epsilon));
    [entrywise('Sub', left ? entrywise('Mul', value, left) : value, change), mean, meanOfSquares].forEach((after, i) =>
      recording.write(this.variables[i], after),
    );
  }

  /** To be called once for each disposed parameter; the last call frees the memory. */
  release(): void {
    if (--this.inUse === 0) this.variables.forEach((variable) => variable.dispose());
  }
}

/** Gradients one after the other. A factor common to all, such as clipping's, is separate. */
function joined(graph: StepGraph, gradients: readonly Symbolic[]): { value: Symbolic; factor?: Symbolic } {
  const flat = (each: Symbolic): Symbolic => graph.view(each, [sizeOf(each.shape)]);
  const products = gradients.map((gradient) => graph.factorsOf(gradient));
  const [factor, ...others] = new Set(products.map((product) => product && graph.nameOf(product.factor)));
  if (factor === undefined || others.length > 0) return { value: concat(graph, gradients.map(flat), 0) };
  return { value: concat(graph, products.map((product) => flat(product!.value)), 0), factor: products[0]!.factor }; // prettier-ignore
}

/** Gradients are joined end to end; a wrong shape would shift the numbers of others. */
function expectShapeOf({ shape }: OnnxruntimeParameter, gradient: Symbolic): void {
  if (sameShape(shape, gradient.shape)) return;
  throw new CompileError(
    `compile: Adam is given a gradient of shape [${gradient.shape.join(', ')}] for a parameter of shape [${shape.join(', ')}]. Give gradients in the order of the parameters`,
  );
}

class OnnxruntimeParameter implements NativeParameter {
  constructor(
    readonly group: Group,
    private readonly value: Variable,
    private readonly first: Variable,
    private readonly second: Variable,
  ) {}

  get shape(): readonly number[] {
    return this.value.shape;
  }

  read(): tf.Tensor {
    const recording = Recording.current;
    return recording ? Recorder.get().tensorOf(recording.valueOf(this.value)) : tensorOf(this.value);
  }

  update(gradient: tf.Tensor, numbers: AdamStep): void {
    const variables = [this.value, this.first, this.second];
    const all = variables.map((variable) => variable.read());
    const [value, first, second] = all;
    updateInPlace({ after: value, before: value, first, second, gradient: gradient.dataSync() as Float32Array }, numbers);
    if (this.value.device) variables.forEach((variable, i) => variable.write(all[i]));
  }

  moments(): { first: tf.Tensor; second: tf.Tensor } {
    return { first: tensorOf(this.first), second: tensorOf(this.second) };
  }

  setMoments(first: tf.Tensor, second: tf.Tensor): void {
    this.first.write(first.dataSync() as Float32Array);
    this.second.write(second.dataSync() as Float32Array);
  }

  dispose(): void {
    [this.value, this.first, this.second].forEach((variable) => variable.dispose());
    this.group.release();
  }
}

/** A copy: the variable's memory is written again by the step after the next. */
function tensorOf(variable: Variable): tf.Tensor {
  const held = HeldTensors.get();
  const values = held.allocate('float32', sizeOf(variable.shape));
  values.set(variable.read());
  return held.tensorOf(values, 'float32', variable.shape);
}
