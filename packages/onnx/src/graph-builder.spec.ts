import { onnx } from 'onnx-proto';
import { GraphBuilder } from './graph-builder';

const vector = { dtype: 'float32', shape: [3] } as const;

/** y = 2 x + x, and what nothing needs. */
function sample(factor = 2): { graph: GraphBuilder; y: string; x: string } {
  const graph = new GraphBuilder();
  const x = graph.input('x', vector);
  graph.input('unused', vector);
  const times = (value: number) => {
    const constant = graph.constant({ dtype: 'float32', shape: [] }, Float32Array.of(value));
    return graph.node({ opType: 'Mul', inputs: [x, constant], outputs: [vector] })[0];
  };
  times(9);
  const [y] = graph.node({ opType: 'Add', inputs: [times(factor), x], outputs: [vector] });
  return { graph, x, y };
}

it('writes what the outputs need, and nothing else', () => {
  const { graph, x, y } = sample();
  const model = onnx.ModelProto.decode(graph.encode({ sum: y, same: y, given: x }).bytes);
  const { node, input, output, initializer } = model.graph!;
  expect(node!.map(({ opType }) => opType)).toEqual(['Mul', 'Add', 'Identity', 'Identity']);
  expect([input, output].map((all) => all!.map(({ name }) => name))).toEqual([['x'], ['sum', 'same', 'given']]);
  expect(node![1].output).toEqual(['sum']); // a node's value takes the name of the output
  expect(initializer).toHaveLength(1);
  expect(Buffer.from(initializer![0].rawData!).readFloatLE()).toBe(2);
  expect(graph.encode({ sum: y }).inputs).toEqual(['x']);
});

it('writes attributes of each kind', () => {
  const graph = new GraphBuilder();
  const x = graph.input('x', vector);
  const attributes = { axis: -1, mode: 'constant', perm: [1, 0], alpha: { float: 0.5 } };
  const [y] = graph.node({ opType: 'Any', inputs: [x], outputs: [vector], attributes, domain: 'com.microsoft' });
  const [node] = onnx.ModelProto.decode(graph.encode({ y }).bytes).graph!.node!;
  const values = node.attribute!.map(({ name, type, i, s, ints, f }) => [name, { 1: f, 2: Number(i), 3: Buffer.from(s!).toString(), 7: ints!.map(Number) }[type as number]]); // prettier-ignore
  expect([node.domain, Object.fromEntries(values)]).toEqual(['com.microsoft', { ...attributes, alpha: 0.5 }]);
});

it('makes equal nodes and equal constants once', () => {
  const graph = new GraphBuilder();
  const x = graph.input('x', vector);
  const negative = () => graph.node({ opType: 'Neg', inputs: [x], outputs: [vector] });
  expect(negative()).toEqual(negative());
  expect(graph.integers([1, 2])).toBe(graph.integers([1, 2]));
  expect(graph.integers([1, 2])).not.toBe(graph.integers([2, 1]));
  expect(graph.constant(vector, new Float32Array(3))).not.toBe(graph.constant({ dtype: 'int32', shape: [3] }, new Int32Array(3)));
});

it('describes a graph so that another one differs, by a constant too', () => {
  const lines = (factor: number) => {
    const { graph, y } = sample(factor);
    return graph.describe({ y });
  };
  expect(lines(2)).toEqual(lines(2));
  expect(lines(2).filter((line, at) => line !== lines(3)[at])).toEqual([expect.stringMatching(/^constant c\d+: float32 \[\] 00000040$/)]);
});

it('names a value that it does not know', () => {
  expect(() => sample().graph.typeOf('nothing')).toThrow('GraphBuilder: no value is named nothing');
});
