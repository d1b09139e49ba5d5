import { applyToEveryToken, beforeLayout, findTokenPick } from '../onnx/every-token';
import { describeNode, type OnnxGraph } from '@tass/onnx';

/** The output that the text tower has once `addTokenOutput` was there: [texts, tokens, joint]. */
export const tokenOutput = 'tass/token_embeds';

/**
 * Gives the text tower of a stock CLIP export the output `tokenOutput` beside its `text_embeds`: every token through the
 * end token's LayerNorm and projection. Known forms of the pick: Gather of rows of the flattened stream, and GatherND,
 * both with an index computed from `input_ids`. Throws, naming the node, for any other.
 */
export function addTokenOutput(graph: OnnxGraph): void {
  const pick = findTokenPick(graph, 'text_embeds');
  const [stream = '', index = ''] = pick.input ?? [];
  if (graph.isConstant(stream) || !graph.dependsOn(index, 'input_ids')) {
    throw new Error(
      `${graph.file}: ${describeNode(pick)} feeds text_embeds, expected a pick of the end token by input_ids. ` +
        'Export the text tower with input_ids as an input',
    );
  }
  const from = pick.output?.[0] ?? '';
  const tokens = beforeLayout(graph, stream);
  const output = applyToEveryToken(graph, graph.between(from, 'text_embeds'), from, tokens, 'tass/token');
  graph.add({ name: tokenOutput, opType: 'Identity', input: [output], output: [tokenOutput] });
  graph.addOutput(tokenOutput, 'text_embeds');
}
