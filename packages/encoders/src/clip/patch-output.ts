import { applyToEveryToken, beforeLayout, findTokenPick } from '../onnx/every-token';
import { describeNode, numberAttribute, type OnnxGraph, type OnnxNode } from '../onnx/graph';

/**
 * How a patch gets its embedding in CLIP's joint space.
 * - `final`: its token of the last layer, through the class token's LayerNorm and projection.
 * - `value`: the last block's value path (LayerNorm, v_proj, out_proj; no attention, no residual), then the same
 *   LayerNorm and projection. After MaskCLIP (ours): only the class token was trained, and it reads patches through this path.
 */
export type PatchReadOut = 'final' | 'value';

/** The output that the image tower has once `addPatchOutput` was there: [images, 1 + regions, joint], class token first. */
export const patchOutput = 'tass/patch_embeds';

/**
 * Gives the image tower of a stock CLIP export the output `patchOutput` beside its `image_embeds`, so that one pass
 * yields frame and patches. Throws, naming the node, where the graph is not of a known form.
 */
export function addPatchOutput(graph: OnnxGraph, readOut: PatchReadOut): void {
  const pick = findTokenPick(graph, 'image_embeds');
  const [stream = '', index = ''] = pick.input ?? [];
  if (pick.opType !== 'Gather' || numberAttribute(pick, 'axis', 0) !== 1 || graph.constantInteger(index) !== 0) {
    throw new Error(
      `${graph.file}: ${describeNode(pick)} feeds image_embeds, expected a Gather of token 0 along axis 1 (the class token). ` +
        'Export the image tower of a CLIP with a class token',
    );
  }
  const from = pick.output?.[0] ?? '';
  const tokens = readOut === 'final' ? stream : addValuePath(graph, stream);
  const output = applyToEveryToken(graph, graph.between(from, 'image_embeds'), from, tokens, 'tass/patch');
  graph.add({ name: patchOutput, opType: 'Identity', input: [output], output: [patchOutput] });
  graph.addOutput(patchOutput, 'image_embeds');
}

/** Adds the last block's out_proj applied to its values directly; returns the tensor [images, tokens, width]. */
function addValuePath(graph: OnnxGraph, stream: string): string {
  const attention = graph.ancestors(stream).findLast(({ opType }) => opType === 'Softmax' || opType === 'Attention');
  if (!attention)
    throw new Error(`${graph.file}: has no attention (Softmax or Attention) before the class token is picked. Export it unfused`);
  const { heads, mixed } = attention.opType === 'Attention' ? ofAttention(attention) : ofSoftmax(graph, attention);
  const values = beforeLayout(graph, heads, headLayout);
  const valueProjection = graph.producer(values);
  if (!valueProjection || !linear.has(valueProjection.opType ?? '')) {
    throw new Error(
      `${graph.file}: the values of ${describeNode(attention)} come from ${describeNode(valueProjection)}, expected a linear map`,
    );
  }
  const { nodes, from } = outProjection(graph, mixed, attention);
  return applyToEveryToken(graph, nodes, from, values, 'tass/value');
}

const linear = new Set(['Add', 'MatMul', 'Gemm']);
const headLayout = new Set(['Reshape', 'Transpose', 'Identity', 'Squeeze', 'Unsqueeze']);

/** ONNX's own Attention (opset 23): inputs query, key, value. */
function ofAttention(attention: OnnxNode): { heads: string; mixed: string } {
  return { heads: attention.input?.[2] ?? '', mixed: attention.output?.[0] ?? '' };
}

function ofSoftmax(graph: OnnxGraph, softmax: OnnxNode): { heads: string; mixed: string } {
  const shares = softmax.output?.[0] ?? '';
  const product = graph.consumers(shares).find((node) => node.opType === 'MatMul' && node.input?.[0] === shares);
  if (!product) throw new Error(`${graph.file}: no MatMul reads the shares of ${describeNode(softmax)}. Export the tower unfused`);
  return { heads: product.input?.[1] ?? '', mixed: product.output?.[0] ?? '' };
}

/** out_proj: the linear map that the heads' mixture goes through, MatMul with Add or Gemm; `from` is the tensor it reads. */
function outProjection(graph: OnnxGraph, mixed: string, attention: OnnxNode): { nodes: OnnxNode[]; from: string } {
  let from = mixed;
  for (;;) {
    const [next] = graph.consumers(from).filter(({ opType }) => opType !== 'Shape');
    if (next && headLayout.has(next.opType ?? '')) {
      from = next.output?.[0] ?? '';
    } else if (next?.opType === 'Gemm') {
      return { nodes: [next], from };
    } else if (next?.opType === 'MatMul') {
      const bias = graph
        .consumers(next.output?.[0] ?? '')
        .find((node) => node.opType === 'Add' && node.input?.some((input) => graph.isConstant(input)));
      return { nodes: bias ? [next, bias] : [next], from };
    } else {
      throw new Error(
        `${graph.file}: ${describeNode(attention)} goes to ${describeNode(next)}, expected the linear map out_proj. Export the tower unfused`,
      );
    }
  }
}
