import * as tf from '../tf';

/**
 * The time loop of one or more LSTM that run side by side. `projected`: [directions * batch, time, 4 * hidden], what the inputs give to the
 * gates; `recurrent`: for each direction [hidden, 4 * hidden]. Returns the states [directions * batch, time, hidden].
 * The gradient is written out (backpropagation through time): the tape would hold some fifteen small operations a step and direction, each
 * with its own gradient; here the gates' derivatives of all steps are had at once and the weights' gradient is one product.
 */
export function recurrentStates(projected: tf.Tensor3D, recurrent: readonly tf.Tensor2D[]): tf.Tensor3D {
  const directions = recurrent.length;
  const operation = tf.customGrad((...args) => {
    const save = args.pop() as unknown as tf.GradSaveFunc;
    const [input, ...weights] = args as unknown as [tf.Tensor3D, ...tf.Tensor2D[]];
    const { states, saved } = runForward(input, weights);
    save([...saved, states, ...weights]);
    const gradFunc = (upstream: tf.Tensor3D, kept: tf.Tensor[]): tf.Tensor[] =>
      tf.tidy(() => runBackward(upstream, kept.slice(0, SAVED), kept[SAVED] as tf.Tensor3D, kept.slice(SAVED + 1) as tf.Tensor2D[]));
    return { value: states, gradFunc: gradFunc as never };
  });
  if (projected.shape[0] % directions !== 0)
    throw new RangeError(`recurrentStates: ${projected.shape[0]} rows, expected ${directions} times the batch`);
  return operation(projected, ...recurrent) as tf.Tensor3D;
}

const SAVED = 6; // input, forget, cell and output gates, memory, tanh of the memory

/** What each step keeps is joined over time: [time * rows, hidden]. */
function runForward(projected: tf.Tensor3D, weights: readonly tf.Tensor2D[]): { states: tf.Tensor3D; saved: tf.Tensor[] } {
  const history: tf.Tensor2D[][] = [];
  const states: tf.Tensor2D[] = [];
  let memory: tf.Tensor2D | undefined;
  for (const fromInput of tf.unstack(projected, 1) as tf.Tensor2D[]) {
    const previous = states[states.length - 1];
    const gates = previous === undefined ? fromInput : (tf.add(fromInput, perDirection(previous, weights, false)) as tf.Tensor2D);
    const [i, f, g, o] = tf.split(gates, 4, 1);
    const [input, forget, cell, output] = [tf.sigmoid(i), tf.sigmoid(f), tf.tanh(g), tf.sigmoid(o)] as tf.Tensor2D[];
    const added = tf.mul(input, cell) as tf.Tensor2D;
    memory = memory === undefined ? added : (tf.add(tf.mul(forget, memory), added) as tf.Tensor2D);
    const activated = tf.tanh(memory);
    history.push([input, forget, cell, output, memory, activated]);
    states.push(tf.mul(output, activated) as tf.Tensor2D);
  }
  const saved = Array.from({ length: SAVED }, (_, kind) => {
    const ofKind = history.map((step) => step[kind]);
    return tf.concat(ofKind, 0);
  });
  return { states: tf.stack(states, 1) as tf.Tensor3D, saved };
}

function runBackward(
  upstream: tf.Tensor3D,
  saved: readonly tf.Tensor[],
  states: tf.Tensor3D,
  weights: readonly tf.Tensor2D[],
): tf.Tensor[] {
  const [input, forget, cell, output, memory, activated] = saved as tf.Tensor2D[];
  const [rows, time, hidden] = states.shape;
  const noMemory = tf.zeros([rows, hidden]);
  const memoryBefore = time === 1 ? noMemory : tf.concat([noMemory, tf.slice(memory, 0, (time - 1) * rows)], 0);
  const one = tf.scalar(1);
  const ofSigmoid = (y: tf.Tensor): tf.Tensor => tf.mul(y, tf.sub(one, y));
  const ofTanh = (y: tf.Tensor): tf.Tensor => tf.sub(one, tf.square(y));
  const steps = (factors: tf.Tensor): tf.Tensor[] => (time === 1 ? [factors] : tf.split(factors, time, 0));
  // Derivatives of the gates' inputs by the memory (input, forget, cell) and by the state (output), and of the memory by the state.
  const toInput = steps(tf.mul(cell, ofSigmoid(input)));
  const toForget = steps(tf.mul(memoryBefore, ofSigmoid(forget)));
  const toCell = steps(tf.mul(input, ofTanh(cell)));
  const toOutput = steps(tf.mul(activated, ofSigmoid(output)));
  const toMemory = steps(tf.mul(output, ofTanh(activated)));
  const forgets = steps(forget);

  const ofStates = tf.unstack(upstream, 1);
  const ofGates: tf.Tensor2D[] = [];
  let ofMemory: tf.Tensor | undefined;
  for (let t = time - 1; t >= 0; t--) {
    const next = ofGates[t + 1];
    const ofState = next === undefined ? ofStates[t] : tf.add(ofStates[t], perDirection(next, weights, true));
    const fromState = tf.mul(ofState, toMemory[t]);
    ofMemory = ofMemory === undefined ? fromState : tf.add(tf.mul(ofMemory, forgets[t + 1]), fromState);
    ofGates[t] = tf.concat(
      [tf.mul(ofMemory, toInput[t]), tf.mul(ofMemory, toForget[t]), tf.mul(ofMemory, toCell[t]), tf.mul(ofState, toOutput[t])],
      1,
    ) as tf.Tensor2D;
  }
  const ofProjected = tf.stack(ofGates, 1) as tf.Tensor3D;
  return [ofProjected, ...weightGradients(states, ofProjected, weights)];
}

/** The states before each step, times the gradient of its gates, summed over rows and time. */
function weightGradients(states: tf.Tensor3D, ofProjected: tf.Tensor3D, weights: readonly tf.Tensor2D[]): tf.Tensor[] {
  const [rows, time, hidden] = states.shape;
  if (time === 1) return weights.map((weight) => tf.zerosLike(weight));
  const batch = rows / weights.length;
  return weights.map((_, direction) => {
    const before = tf.reshape(tf.slice(states, [direction * batch, 0, 0], [batch, time - 1, hidden]), [-1, hidden]);
    const ofGates = tf.reshape(tf.slice(ofProjected, [direction * batch, 1, 0], [batch, time - 1, 4 * hidden]), [-1, 4 * hidden]);
    return tf.matMul(before, ofGates, true);
  });
}

/** Each direction's rows times its own weights. */
function perDirection(rows: tf.Tensor2D, weights: readonly tf.Tensor2D[], transposed: boolean): tf.Tensor2D {
  if (weights.length === 1) return tf.matMul(rows, weights[0], false, transposed);
  const parts = tf.split(rows, weights.length, 0);
  const products = parts.map((part, direction) => tf.matMul(part, weights[direction], false, transposed));
  return tf.concat(products, 0) as tf.Tensor2D;
}
