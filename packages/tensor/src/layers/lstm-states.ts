import * as tf from '../tf';

/** One of several LSTMs that run together over the same time axis. */
export interface Direction {
  readonly projected: tf.Tensor3D; // [batch, time, 4 * hidden], what the inputs give to the gates
  readonly recurrent: tf.Tensor2D; // [hidden, 4 * hidden]
  readonly backward: boolean; // backward in time
}

/**
 * The time loop of one or more LSTMs of one size: their states, concatenated, [batch, time, directions * hidden].
 *
 * The gradient is written out (backpropagation through time): the tape would hold some fifteen small operations a step, each with its own
 * gradient; here they stay off the tape, and the gradient of the weights is one product over all steps.
 * Inside, the batch is the last axis and the directions are the first, [directions, 4 * hidden, batch]: all of them take a step by one product
 * of stacked matrices, and gates, directions and steps are blocks of memory, which all backends cut and join without walking over rows.
 */
export function recurrentStates(directions: readonly Direction[]): tf.Tensor3D {
  return run(directions, false);
}

/** As `recurrentStates`, with one row more in time: the memory cells after each direction's last step. [batch, time + 1, directions * hidden] */
export function statesAndMemory(directions: readonly Direction[]): tf.Tensor3D {
  return run(directions, true);
}

function run(directions: readonly Direction[], withMemory: boolean): tf.Tensor3D {
  const count = directions.length;
  const backward = directions.map((direction) => direction.backward);
  const operation = tf.customGrad((...given) => {
    const save = given.pop() as unknown as tf.GradSaveFunc;
    const inputs = given as unknown as tf.Tensor[];
    const weights = inputs.slice(count) as tf.Tensor2D[];
    const { states, kept } = runForward(inputs.slice(0, count) as tf.Tensor3D[], weights, backward);
    save([states, ...weights, ...kept.flat()]);
    const gradFunc = (upstream: tf.Tensor3D, [saved, ...rest]: tf.Tensor[]): tf.Tensor[] =>
      tf.tidy(() => {
        const [ofStates, ofMemory] = withMemory ? (tf.split(upstream, [saved.shape[1]!, 1], 1) as tf.Tensor3D[]) : [upstream];
        return runBackward(ofStates, ofMemory, saved as tf.Tensor3D, rest.slice(0, count) as tf.Tensor2D[], inSteps(rest.slice(count)), backward); // prettier-ignore
      });
    const value = withMemory ? tf.concat([states, asRow(kept[kept.length - 1][2])], 1) : states;
    return { value, gradFunc: gradFunc as never };
  });
  return operation(...directions.map(({ projected }) => projected), ...directions.map(({ recurrent }) => recurrent)) as tf.Tensor3D;
}

/** From the layout of the loop, [directions, hidden, batch], to one row in time, [batch, 1, directions * hidden]. */
const asRow = (x: tf.Tensor): tf.Tensor => tf.reshape(tf.transpose(x, [2, 0, 1]), [x.shape[2]!, 1, -1]);

const KEPT = 4;

/** For each step the sigmoids of all gates [directions, 4 * hidden, batch]; then, each [directions, hidden, batch], the cell gate, the memory and its tanh. */
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
  const turned = tf.stack(weights.map((weight) => tf.transpose(weight)));
  const fromInputs = stepsOf(projected.map((x) => tf.transpose(x, [1, 2, 0])), backward); // prettier-ignore
  const kept: Kept[] = [];
  const states: tf.Tensor[] = [];
  let memory: tf.Tensor | undefined;
  for (let step = 0; step < time; step++) {
    const gates = step === 0 ? fromInputs[0] : tf.add(fromInputs[step], tf.matMul(turned, states[step - 1]));
    const opened = tf.sigmoid(gates);
    const [input, forget, , output] = tf.split(opened, 4, 1);
    const cell = tf.tanh(tf.slice(gates, [0, 2 * hidden, 0], [weights.length, hidden, batch]));
    const added = tf.mul(input, cell);
    memory = memory === undefined ? added : tf.add(tf.mul(forget, memory), added);
    const activated = tf.tanh(memory);
    states.push(tf.mul(output, activated));
    kept.push([opened, cell, memory, activated]);
  }
  const inTime = directionsOf(states, backward);
  return { states: tf.transpose(tf.concat(inTime, 1), [2, 0, 1]) as tf.Tensor3D, kept };
}

function runBackward(
  upstream: tf.Tensor3D,
  ofLastMemory: tf.Tensor3D | undefined, // [batch, 1, directions * hidden]
  states: tf.Tensor3D,
  weights: readonly tf.Tensor2D[],
  kept: readonly Kept[],
  backward: readonly boolean[],
): tf.Tensor[] {
  const time = kept.length;
  const count = weights.length;
  const [batch, , width] = states.shape;
  const hidden = width / count;
  const one = tf.scalar(1);
  const ofTanh = (y: tf.Tensor): tf.Tensor => tf.sub(one, tf.square(y));

  const stacked = tf.stack([...weights]);
  const byDirection = tf.transpose(tf.reshape(upstream, [batch, time, count, hidden]), [2, 1, 3, 0]);
  const fromAbove = stepsOf(tf.unstack(byDirection), backward);
  const ofGates: tf.Tensor[] = [];
  // The gradient that the next step's forget gate passed on.
  let ofNextMemory = ofLastMemory && tf.transpose(tf.reshape(ofLastMemory, [batch, count, hidden]), [1, 2, 0]);
  for (let step = time - 1; step >= 0; step--) {
    const ofState = step === time - 1 ? fromAbove[step] : tf.add(fromAbove[step], tf.matMul(stacked, ofGates[step + 1]));
    const [opened, cell, , activated] = kept[step];
    const [input, forget, , output] = tf.split(opened, 4, 1);
    const [ofInput, ofForget, , ofOutput] = tf.split(tf.mul(opened, tf.sub(one, opened)), 4, 1); // of the sigmoids
    const fromState = tf.mul(tf.mul(ofState, output), ofTanh(activated));
    const ofMemory: tf.Tensor = ofNextMemory === undefined ? fromState : tf.add(ofNextMemory, fromState);
    const memoryBefore = kept[step - 1]?.[2];
    ofGates[step] = tf.concat(
      [
        tf.mul(tf.mul(ofMemory, cell), ofInput),
        memoryBefore ? tf.mul(tf.mul(ofMemory, memoryBefore), ofForget) : tf.zerosLike(forget),
        tf.mul(tf.mul(ofMemory, input), ofTanh(cell)),
        tf.mul(tf.mul(ofState, activated), ofOutput),
      ],
      1,
    );
    ofNextMemory = tf.mul(ofMemory, forget);
  }
  const ofProjected = directionsOf(ofGates, backward).map((x) => tf.transpose(x, [2, 0, 1]) as tf.Tensor3D);
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

/** From each direction [time, rows, batch] to each step [directions, rows, batch], in the order in which the directions take them. */
const stepsOf = (directions: readonly tf.Tensor[], backward: readonly boolean[]): tf.Tensor[] =>
  tf.unstack(tf.stack(directions.map((x, d) => turnedIf(backward[d], x)), 1)); // prettier-ignore

/** The other way round. */
const directionsOf = (steps: readonly tf.Tensor[], backward: readonly boolean[]): tf.Tensor[] =>
  tf.unstack(tf.stack([...steps]), 1).map((x, d) => turnedIf(backward[d], x));

/** By parts, because wasm's `reverse` and `gather` move single numbers. */
const turnedIf = (isTurned: boolean, x: tf.Tensor): tf.Tensor => (isTurned ? tf.stack(tf.unstack(x).reverse()) : x);
