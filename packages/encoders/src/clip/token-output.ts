import { applyToEveryToken, beforeLayout, findTokenPick } from '../onnx/every-token';
import { describeNode, type OnnxGraph, type OnnxNode } from '@tass/onnx';

/** The output that the text tower has once `addTokenOutput` was there: [texts, tokens, joint]. */
export const tokenOutput = 'tass/token_embeds';

/** The output that the text tower has once `addHiddenOutput` was there: [texts, tokens, width]. */
export const hiddenOutput = 'tass/token_hidden';

/** As `addTokenOutput`, every token behind the LayerNorm, before the projection. */
export function addHiddenOutput(graph: OnnxGraph): void {
  const { from, tokens, after } = endTokenOf(graph);
  const projection = after.findIndex(({ opType }) => products.has(opType ?? ''));
  if (projection < 0)
    throw new Error(`${graph.file}: no product makes text_embeds of the end token, expected a projection. Export it with one`);
  const output = applyToEveryToken(graph, after.slice(0, projection), from, tokens, 'tass/hidden');
  graph.add({ name: hiddenOutput, opType: 'Identity', input: [output], output: [hiddenOutput] });
  graph.addOutput(hiddenOutput, 'text_embeds');
}

/** What may begin the projection. */
const products: ReadonlySet<string> = new Set(['MatMul', 'Gemm', 'DynamicQuantizeLinear', 'MatMulInteger']);

/**
 * Gives the text tower of a stock CLIP export the output `tokenOutput` beside its `text_embeds`: every token through the
 * end token's LayerNorm and projection. Known forms of the pick: Gather of rows of the flattened stream, and GatherND,
 * both with an index computed from `input_ids`. Throws, naming the node, for any other.
 */
export function addTokenOutput(graph: OnnxGraph): void {
  const { from, tokens, after } = endTokenOf(graph);
  const output = applyToEveryToken(graph, after, from, tokens, 'tass/token');
  graph.add({ name: tokenOutput, opType: 'Identity', input: [output], output: [tokenOutput] });
  graph.addOutput(tokenOutput, 'text_embeds');
}

/** The tensor of the end token, the stream that it is picked from, and what makes text_embeds of it. */
function endTokenOf(graph: OnnxGraph): { from: string; tokens: string; after: OnnxNode[] } {
  const pick = findTokenPick(graph, 'text_embeds');
  const [stream = '', index = ''] = pick.input ?? [];
  if (graph.isConstant(stream) || !graph.dependsOn(index, 'input_ids')) {
    throw new Error(
      `${graph.file}: ${describeNode(pick)} feeds text_embeds, expected a pick of the end token by input_ids. ` +
        'Export the text tower with input_ids as an input',
    );
  }
  const from = pick.output?.[0] ?? '';
  return { from, tokens: beforeLayout(graph, stream), after: graph.between(from, 'text_embeds') };
}
