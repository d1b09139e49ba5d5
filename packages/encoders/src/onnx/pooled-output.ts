import { findTokenPick } from './every-token';
import { describeNode, type OnnxGraph, type OnnxNode } from '@tass/onnx';

/**
 * The tensor in which an audio spectrogram transformer pools its tokens: an output of the bare model; of a classifier the mean of tokens 0
 * and 1, which becomes an output too. Throws, naming the node, for a graph of another form.
 */
export function pooledOutput(graph: OnnxGraph): string {
  if (graph.outputs.includes('pooler_output')) return 'pooler_output';
  if (!graph.outputs.includes('logits'))
    throw new Error(`${graph.file}: its outputs are ${graph.outputs.join(', ')}, expected pooler_output or logits. ${exportAgain}`);
  const [stream = ''] = findTokenPick(graph, 'logits').input ?? [];
  const [first, second, sum, mean] = graph.between(stream, 'logits');
  const tokens = [first, second].map((node) => tokenOf(graph, node)).sort();
  const isSum = sum?.opType === 'Add' && sum.input?.every((input) => [first, second].includes(graph.producer(input)!));
  const isMean = ['Div', 'Mul'].includes(mean?.opType ?? '') && mean.input?.[0] === sum.output?.[0];
  if (tokens.join() !== '0,1' || !isSum || !isMean) {
    const nodes = [first, second, sum, mean].map(describeNode).join(', ');
    throw new Error(`${graph.file}: its tokens reach logits by ${nodes}, expected the mean of tokens 0 and 1. ${exportAgain}`);
  }
  const [output = ''] = mean.output ?? [];
  graph.addOutput(output, 'logits');
  return output;
}

const exportAgain = 'Export the model as transformers does';

/** Which token a node picks. */
const tokenOf = (graph: OnnxGraph, node: OnnxNode | undefined): number | undefined =>
  node?.opType === 'Gather' ? graph.constantInteger(node.input?.[1] ?? '') : undefined;
