import { applyToEveryToken, beforeLayout, findTokenPick } from '../onnx/every-token';
import { describeNode, numberAttribute, type OnnxGraph, type OnnxNode } from '@tass/onnx';

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
  const [stream = ''] = pick.input ?? [];
  if (!picksClassToken(graph, pick)) {
    throw new Error(
      `${graph.file}: ${describeNode(pick)} feeds image_embeds, expected a Gather or Slice of token 0 along axis 1 (the class token). ` +
        'Export the image tower of a CLIP with a class token',
    );
  }
  const from = pick.output?.[0] ?? '';
  const tokens = readOut === 'final' ? stream : addValuePath(graph, stream);
  const output = applyToEveryToken(graph, graph.between(from, 'image_embeds'), from, tokens, 'tass/patch');
  graph.add({ name: patchOutput, opType: 'Identity', input: [output], output: [patchOutput] });
  graph.addOutput(patchOutput, 'image_embeds');
}

function picksClassToken(graph: OnnxGraph, { opType, input = [], ...pick }: OnnxNode): boolean {
  const constants = (input ?? []).slice(1).map((tensor) => graph.constantInteger(tensor));
  if (opType === 'Gather') return numberAttribute(pick, 'axis', 0) === 1 && constants[0] === 0;
  const [start, end, axis, step = 1] = constants;
  return opType === 'Slice' && start === 0 && end === 1 && axis === 1 && step === 1;
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
  let shares = softmax.output?.[0] ?? '';
  for (;;) {
    const [next] = graph.consumers(shares);
    if (next?.opType === 'MatMul' && next.input?.[0] === shares) return { heads: next.input?.[1] ?? '', mixed: next.output?.[0] ?? '' };
    if (!next || !unchanged.has(next.opType ?? '')) {
      throw new Error(
        `${graph.file}: the shares of ${describeNode(softmax)} go to ${describeNode(next)}, expected a MatMul. Export the tower unfused`,
      );
    }
    shares = next.output?.[0] ?? '';
  }
}

/** Operations that shares pass on their way to the values. */
const unchanged = new Set(['Cast', 'Identity', 'Dropout']);

/** out_proj: the linear map that the heads' mixture goes through; `from` is the tensor it reads, `nodes` the map with its bias. */
function outProjection(graph: OnnxGraph, mixed: string, attention: OnnxNode): { nodes: OnnxNode[]; from: string } {
  let from = mixed;
  for (;;) {
    const [next] = graph.consumers(from).filter(({ opType }) => opType !== 'Shape');
    if (next && headLayout.has(next.opType ?? '')) {
      from = next.output?.[0] ?? '';
      continue;
    }
    const product = productOf(graph, next);
    if (product === undefined) {
      throw new Error(
        `${graph.file}: ${describeNode(attention)} goes to ${describeNode(next)}, expected the linear map out_proj. Export the tower unfused`,
      );
    }
    const isBias = (node: OnnxNode) => node.opType === 'Add' && (node.input ?? []).some((input) => graph.isConstant(input));
    const bias = next.opType === 'Gemm' ? undefined : graph.consumers(product).find(isBias);
    return { nodes: graph.between(from, bias?.output?.[0] ?? product), from };
  }
}

/** The tensor that holds the product of a linear map that begins with `first`: of floats, or of 8-bit numbers brought back to floats. */
function productOf(graph: OnnxGraph, first: OnnxNode | undefined): string | undefined {
  const output = first?.output?.[0] ?? '';
  if (first?.opType === 'MatMul' || first?.opType === 'Gemm') return output;
  if (first?.opType !== 'DynamicQuantizeLinear') return undefined;
  const follow = (tensor: string, opType: string) => graph.consumers(tensor).find((node) => node.opType === opType)?.output?.[0] ?? '';
  return follow(follow(follow(output, 'MatMulInteger'), 'Cast'), 'Mul') || undefined;
}
