import * as tf from '../tf';

/** One LSTM of those that run side by side over the same time axis. */
export interface Direction {
  readonly projected: tf.Tensor3D; // [batch, time, 4 * hidden], what the inputs give to the gates
  readonly recurrent: tf.Tensor2D; // [hidden, 4 * hidden]
  readonly backward: boolean; // against time
}

/**
 * The time loop of one or more LSTM of one size: their states end to end, [batch, time, directions * hidden].
 *
 * The gradient is written out (backpropagation through time): the tape would hold some fifteen small operations a step and direction, each with
 * its own gradient; here they stay off the tape, and the gradient of the weights is one product over all steps.
 * Inside, the batch is the last axis and the gates are the first, [4, directions, hidden, batch]: gates, directions and steps are then blocks of
 * memory, which all backends cut and join without walking over rows.
 */
export function recurrentStates(directions: readonly Direction[]): tf.Tensor3D {
  const count = directions.length;
  const backward = directions.map((direction) => direction.backward);
  const operation = tf.customGrad((...given) => {
    const save = given.pop() as unknown as tf.GradSaveFunc;
    const inputs = given as unknown as tf.Tensor[];
    const weights = inputs.slice(count) as tf.Tensor2D[];
    const { states, kept } = runForward(inputs.slice(0, count) as tf.Tensor3D[], weights, backward);
    save([states, ...weights, ...kept.flat()]);
    const gradFunc = (upstream: tf.Tensor3D, [saved, ...rest]: tf.Tensor[]): tf.Tensor[] =>
      tf.tidy(() =>
        runBackward(upstream, saved as tf.Tensor3D, rest.slice(0, count) as tf.Tensor2D[], inSteps(rest.slice(count)), backward),
      );
    return { value: states, gradFunc: gradFunc as never };
  });
  return operation(...directions.map(({ projected }) => projected), ...directions.map(({ recurrent }) => recurrent)) as tf.Tensor3D;
}

const KEPT = 6;

/** For each step [1, directions, hidden, batch]: input, forget, cell and output gate, memory, tanh of the memory. */
type Kept = readonly tf.Tensor[];

function inSteps(kept: readonly tf.Tensor[]): Kept[] {
  return Array.from({ length: kept.length / KEPT }, (_, step) => kept.slice(step * KEPT, (step + 1) * KEPT));
}

function runForward(
  projected: readonly tf.Tensor3D[],
  weights: readonly tf.Tensor2D[],
  backward: readonly boolean[],
): { states: tf.Tensor3D; kept: Kept[] } {
  const [batch, time, width] = projected[0].shape;
  const hidden = width / 4;
  const turned = weights.map((weight) => tf.transpose(weight));
  const fromInputs = projected.map((x, d) => {
    const byTime = tf.unstack(tf.transpose(tf.reshape(x, [batch, time, 4, 1, hidden]), [1, 2, 3, 4, 0]));
    return backward[d] ? byTime.reverse() : byTime;
  });
  const kept: Kept[] = [];
  const states: tf.Tensor[][] = weights.map(() => []);
  let memory: tf.Tensor | undefined;
  for (let step = 0; step < time; step++) {
    const gatesOf = fromInputs.map((byStep, d) => {
      if (step === 0) return byStep[step];
      const fromState = tf.matMul(turned[d], tf.reshape(states[d][step - 1], [hidden, batch]) as tf.Tensor2D);
      return tf.add(byStep[step], tf.reshape(fromState, [4, 1, hidden, batch]));
    });
    const gates = join(gatesOf, 1);
    const [input, forget, , output] = tf.split(tf.sigmoid(gates), 4, 0);
    const cell = tf.tanh(tf.slice(gates, 2, 1));
    const added = tf.mul(input, cell);
    memory = memory === undefined ? added : tf.add(tf.mul(forget, memory), added);
    const activated = tf.tanh(memory);
    const state = tf.mul(output, activated); // [1, directions, hidden, batch]
    cut(state, weights.length, 1).forEach((part, d) => states[d].push(part));
    kept.push([input, forget, cell, output, memory, activated]);
  }
  return { states: inRows(states, backward), kept };
}

function runBackward(
  upstream: tf.Tensor3D,
  states: tf.Tensor3D,
  weights: readonly tf.Tensor2D[],
  kept: readonly Kept[],
  backward: readonly boolean[],
): tf.Tensor[] {
  const time = kept.length;
  const [, directions, hidden, batch] = kept[0][0].shape;
  const one = tf.scalar(1);
  const ofSigmoid = (y: tf.Tensor): tf.Tensor => tf.mul(y, tf.sub(one, y));
  const ofTanh = (y: tf.Tensor): tf.Tensor => tf.sub(one, tf.square(y));

  const byDirection = tf.transpose(tf.reshape(upstream, [batch, time, directions, 1, hidden]), [2, 1, 3, 4, 0]);
  const fromAbove = cut(byDirection, directions, 0).map((part, d) => {
    const byTime = cut(tf.reshape(part, [time, 1, hidden, batch]), time, 0);
    return backward[d] ? byTime.reverse() : byTime;
  });
  const ofGates: tf.Tensor[][] = weights.map(() => []);
  let ofNextMemory: tf.Tensor | undefined; // the gradient that the next step's forget gate let through
  for (let step = time - 1; step >= 0; step--) {
    const ofStates = fromAbove.map((byStep, d) => {
      if (step === time - 1) return byStep[step];
      const fromNext = tf.matMul(weights[d], tf.reshape(ofGates[d][step + 1], [4 * hidden, batch]) as tf.Tensor2D);
      return tf.add(byStep[step], tf.reshape(fromNext, [1, 1, hidden, batch]));
    });
    const ofState = join(ofStates, 1);
    const [input, forget, cell, output, , activated] = kept[step];
    const fromState = tf.mul(tf.mul(ofState, output), ofTanh(activated));
    const ofMemory: tf.Tensor = ofNextMemory === undefined ? fromState : tf.add(ofNextMemory, fromState);
    const memoryBefore = kept[step - 1]?.[4];
    const gates = [
      tf.mul(tf.mul(ofMemory, cell), ofSigmoid(input)),
      memoryBefore ? tf.mul(tf.mul(ofMemory, memoryBefore), ofSigmoid(forget)) : tf.zerosLike(forget),
      tf.mul(tf.mul(ofMemory, input), ofTanh(cell)),
      tf.mul(tf.mul(ofState, activated), ofSigmoid(output)),
    ].map((gate) => cut(gate, directions, 1));
    ofNextMemory = tf.mul(ofMemory, forget);
    ofGates.forEach((steps, d) => {
      const ofDirection = gates.map((gate) => gate[d]);
      steps[step] = tf.concat(ofDirection, 0);
    });
  }
  const ofProjected = ofGates.map((steps, d) => inRows([steps], [backward[d]]));
  return [
    ...ofProjected,
    ...weights.map((_, d) => weightGradient(tf.slice(states, [0, 0, d * hidden], [batch, time, hidden]), ofProjected[d], backward[d])),
  ];
}

/** The state before each step times the gradient of the step's gates, summed over batch and time: [hidden, 4 * hidden]. */
function weightGradient(states: tf.Tensor3D, ofProjected: tf.Tensor3D, backward: boolean): tf.Tensor {
  const [batch, time, hidden] = states.shape;
  if (time === 1) return tf.zeros([hidden, 4 * hidden]);
  const without = (x: tf.Tensor3D, end: 'first' | 'last'): tf.Tensor2D =>
    tf.reshape(tf.slice(x, [0, end === 'first' ? 1 : 0, 0], [batch, time - 1, x.shape[2]]), [batch * (time - 1), x.shape[2]]);
  return tf.matMul(without(states, backward ? 'first' : 'last'), without(ofProjected, backward ? 'last' : 'first'), true);
}

/** For each direction its steps, each [any, 1, rows, batch] -> [batch, time, any * rows of all directions]. */
function inRows(steps: readonly (readonly tf.Tensor[])[], backward: readonly boolean[]): tf.Tensor3D {
  const batch = steps[0][0].shape[3]!;
  const joined = steps.map((ofDirection, d) => {
    const inTime = backward[d] ? [...ofDirection].reverse() : ofDirection;
    return tf.reshape(join(inTime, 0), [inTime.length, -1, batch]);
  });
  return tf.transpose(join(joined, 1), [2, 0, 1]) as tf.Tensor3D;
}

function join(parts: readonly tf.Tensor[], axis: number): tf.Tensor {
  return parts.length === 1 ? parts[0] : tf.concat([...parts], axis);
}

function cut(x: tf.Tensor, count: number, axis: number): tf.Tensor[] {
  return count === 1 ? [x] : tf.split(x, count, axis);
}
