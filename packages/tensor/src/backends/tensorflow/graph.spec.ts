import { availableEngines, disposeEngine, useEngine } from '../../engine';
import { constants } from './constants';
import type { Graph } from './graph';
import { tensorFlowBackend } from './tensorflow-backend';

const present = availableEngines().includes('tensorflow');
afterAll(() => disposeEngine());

(present ? describe : describe.skip)(`Graph${present ? '' : ': not on this machine, run npm run engine:tensorflow'}`, () => {
  let graph: Graph;
  beforeAll(() => useEngine({ backend: 'tensorflow', threads: 1 }));
  beforeEach(() => (graph = tensorFlowBackend()!.binding.newGraph()));
  afterEach(() => graph.dispose());
  const type = (name: string, value: number) => ({ name, type: constants.TF_ATTR_TYPE, value });
  const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
  const integers = (...values: number[]) => new Uint8Array(Int32Array.from(values).buffer);

  it('knows the shape of what operations give, lists of inputs among them', () => {
    const given = graph.placeholder(constants.TF_FLOAT, [2, 3]);
    const other = graph.constant(constants.TF_FLOAT, [1, 3], floats(1, 2, 3));
    const axis = graph.constant(constants.TF_INT32, [], integers(0));
    const attributes = [type('T', constants.TF_FLOAT), type('Tidx', constants.TF_INT32)];
    const [joined] = graph.operation('ConcatV2', attributes, [given, other, axis], [], 1);
    expect([graph.shapeOf(joined), graph.dtypeOf(joined)]).toEqual([[3, 3], constants.TF_FLOAT]);
    const sizes = graph.constant(constants.TF_INT32, [2], integers(9, 1));
    expect(graph.shapeOf(graph.operation('Reshape', [], [joined, sizes], [], 1)[0])).toEqual([9, 1]);
  });

  it('says where a shape depends on values', () => {
    const [found] = graph.operation('Where', [type('T', constants.TF_BOOL)], [graph.placeholder(constants.TF_BOOL, [4])], [], 1);
    expect(graph.shapeOf(found)).toBeUndefined();
  });

  it("throws TensorFlow's message with the name of the operation", () => {
    const [x, y] = [graph.placeholder(constants.TF_FLOAT, [2, 3]), graph.placeholder(constants.TF_FLOAT, [4, 5])];
    expect(() => graph.operation('MatMul', [], [x, y], [], 1)).toThrow(/^TensorFlow MatMul: Dimensions must be equal, but are 3 and 4/);
    expect(() => graph.operation('NoSuchOperation', [], [x], [], 1)).toThrow(/^TensorFlow NoSuchOperation: /);
    expect(() => graph.operation('Neg', [{ name: 'T', type: 99, value: 1 }], [x], [], 1)).toThrow('attribute T is of kind 99');
  });
});
