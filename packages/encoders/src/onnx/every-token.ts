import { describeNode, numberAttribute, numbersAttribute, type OnnxGraph, type OnnxNode } from '@tass/onnx';

/** Operations that treat each token by itself when they act on the last axis. */
const perToken = new Set([
  ...['LayerNormalization', 'ReduceMean', 'Sub', 'Pow', 'Add', 'Sqrt', 'Div', 'Mul', 'MatMul', 'Gemm', 'Cast'],
  ...['DynamicQuantizeLinear', 'MatMulInteger'], // of 8-bit models: scaled by the greatest value of all tokens at once
]);
/** Operations that may pick one token of a stream. */
const picks = new Set(['Gather', 'GatherND', 'GatherElements', 'Slice']);
/** Operations that only move axes about; on a stream of all tokens there is nothing to move. */
const layout = new Set(['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Identity']);

/**
 * Finds the node that picks one token of the stream for the tower's pooled `output`, walking back through the projection
 * and the LayerNorm. Throws, naming the node, where the walk meets an operation that does not act on each token by itself.
 */
export function findTokenPick(graph: OnnxGraph, output: string): OnnxNode {
  if (!graph.outputs.includes(output)) {
    throw new Error(
      `${graph.file}: has no output ${output}; its outputs are ${graph.outputs.join(', ')}. Export the tower with its projection`,
    );
  }
  const waiting = [output];
  while (waiting.length > 0) {
    const node = graph.producer(waiting.shift() as string);
    if (node && picks.has(node.opType ?? '')) return node;
    if (!node || !(perToken.has(node.opType ?? '') || layout.has(node.opType ?? ''))) {
      throw new Error(
        `${graph.file}: ${output} comes from ${describeNode(node)}, expected a Gather or GatherND that picks one token, then ` +
          'LayerNorm and projection. Export the tower as transformers does, unfused and not quantised',
      );
    }
    const read = layout.has(node.opType ?? '') ? (node.input ?? []).slice(0, 1) : (node.input ?? []);
    waiting.push(...read.filter((input) => !graph.isConstant(input)));
  }
  throw new Error(`${graph.file}: ${output} does not depend on the model's inputs. Export the tower again`);
}

/**
 * Applies `nodes`, which take one token's vector from the tensor `from`, to a whole stream of tokens: they are added once
 * more with `tokens` in the place of `from`, and the name of the last one's new output is returned. Nodes that only move
 * axes are left out; Gemm, which knows matrices only, becomes MatMul. Throws, naming the node, for an operation that does not
 * act on each token by itself or counts its axes from the front: axis 1 of one token's [images, width] would be the tokens.
 */
export function applyToEveryToken(graph: OnnxGraph, nodes: readonly OnnxNode[], from: string, tokens: string, prefix: string): string {
  const renamed = new Map([[from, tokens]]);
  const read = (tensor: string) => renamed.get(tensor) ?? tensor;
  for (const node of nodes) {
    const output = node.output?.[0] ?? '';
    const target = `${prefix}/${output}`;
    if (layout.has(node.opType ?? '')) {
      renamed.set(output, read(node.input?.[0] ?? ''));
    } else if (node.opType === 'Gemm') {
      renamed.set(output, addGemmAsMatMul(graph, node, read, target));
    } else if (perToken.has(node.opType ?? '')) {
      refuseAxesFromTheFront(graph, node);
      const outputs = (node.output ?? []).map((each) => `${prefix}/${each}`);
      graph.add({ ...node, name: target, input: (node.input ?? []).map(read), output: outputs });
      node.output?.forEach((each, index) => renamed.set(each, outputs[index]));
    } else {
      throw new Error(
        `${graph.file}: ${describeNode(node)} cannot be applied to every token. Export the tower as transformers does, unfused`,
      );
    }
  }
  return read(nodes.at(-1)?.output?.[0] ?? from);
}

/** Axes mean the same for a whole stream, which has one axis more, only where they count from the end. */
function refuseAxesFromTheFront(graph: OnnxGraph, node: OnnxNode): void {
  const axis = normalisedAxis(graph, node);
  if (axis === undefined || axis === -1) return;
  throw new Error(
    `${graph.file}: ${describeNode(node)} acts on axis ${axis}, expected -1, the last one counted from the end, so that it can be applied to every ` +
      'token. Export the tower as transformers does',
  );
}

/** The axis that a node takes means over, 'unknown' where it is not one constant; undefined for operations without one. */
function normalisedAxis(graph: OnnxGraph, node: OnnxNode): number | 'unknown' | undefined {
  if (node.opType === 'LayerNormalization') return numberAttribute(node, 'axis', -1);
  if (node.opType !== 'ReduceMean') return undefined;
  const axes = numbersAttribute(node, 'axes') ?? [graph.constantInteger(node.input?.[1] ?? '')];
  return (axes.length === 1 ? axes[0] : undefined) ?? 'unknown';
}

/** The tensor that `tensor` is a mere reshape of. */
export function beforeLayout(graph: OnnxGraph, tensor: string, operations: ReadonlySet<string> = layout): string {
  const node = graph.producer(tensor);
  return node && operations.has(node.opType ?? '') ? beforeLayout(graph, node.input?.[0] ?? '', operations) : tensor;
}

function addGemmAsMatMul(graph: OnnxGraph, node: OnnxNode, read: (tensor: string) => string, target: string): string {
  const [vector = '', weight = '', bias = ''] = node.input ?? [];
  const scaled = numberAttribute(node, 'alpha', 1) !== 1 || (bias !== '' && numberAttribute(node, 'beta', 1) !== 1);
  if (scaled || numberAttribute(node, 'transA', 0) !== 0) {
    throw new Error(
      `${graph.file}: ${describeNode(node)} has alpha, beta or transA set, expected a plain linear map. Export the tower again`,
    );
  }
  const transposed = numberAttribute(node, 'transB', 0) !== 0;
  const matrix = transposed ? `${target}/weight` : weight;
  const product = bias === '' ? target : `${target}/product`;
  if (transposed) graph.add({ name: matrix, opType: 'Transpose', input: [weight], output: [matrix] });
  graph.add({ name: product, opType: 'MatMul', input: [read(vector), matrix], output: [product] });
  if (bias !== '') graph.add({ name: target, opType: 'Add', input: [product, bias], output: [target] });
  return target;
}
