import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Tensor } from 'onnxruntime-node';
import { onnx } from 'onnx-proto';
import { OnnxGraph } from '@tass/onnx';
import { createSession } from '../model/session';
import { greatestDifference } from '@tass/testing';
import { addPatchOutput, patchOutput, type PatchReadOut } from './patch-output';

const fixtures = join(__dirname, 'fixtures'); // written by clip-exports.py
const expected = JSON.parse(readFileSync(join(fixtures, 'clip-exports.json'), 'utf8'));
const bytesOf = (name: string) => readFileSync(join(fixtures, `${name}/onnx/vision_model.onnx`));
const pixels = new Tensor('float32', Float32Array.from(expected.pixels), [2, 3, 24, 24]);

async function run(name: string, readOut: PatchReadOut) {
  const graph = new OnnxGraph(bytesOf(name), name);
  addPatchOutput(graph, readOut);
  const session = await createSession(graph.encode(), name);
  return session.run({ pixel_values: pixels });
}

describe.each(['opset-14', 'dynamo-23'])('image tower exported as %s', (name) => {
  it.each(['final', 'value'] as const)('equals PyTorch on every token by the read-out %s', async (readOut) => {
    const outputs = await run(name, readOut);
    expect(outputs[patchOutput].dims).toEqual([2, 10, 6]);
    expect(greatestDifference(outputs[patchOutput].data as Float32Array, expected[readOut])).toBeLessThan(1e-5);
  });

  it('still gives the pooled embedding in the same pass', async () => {
    const outputs = await run(name, 'value');
    expect(greatestDifference(outputs.image_embeds.data as Float32Array, expected.image)).toBeLessThan(1e-5);
  });
});

it('tells the two read-outs apart', () => {
  expect(greatestDifference(expected.final, expected.value)).toBeGreaterThan(0.1);
});

describe('a graph that is not known', () => {
  const edited = (edit: (graph: onnx.IGraphProto) => void) => {
    const model = onnx.ModelProto.decode(bytesOf('dynamo-23'));
    edit(model.graph as onnx.IGraphProto);
    return new OnnxGraph(onnx.ModelProto.encode(model).finish(), 'vision_model.onnx');
  };
  const node = (graph: onnx.IGraphProto, opType: string) =>
    graph.node?.findLast((candidate) => candidate.opType === opType) as onnx.INodeProto;

  it('is refused when the pooled output is missing', () => {
    const graph = edited(({ output }) => Object.assign(output?.[0] ?? {}, { name: 'last_hidden_state' }));
    expect(() => addPatchOutput(graph, 'final')).toThrow(
      'vision_model.onnx: has no output image_embeds; its outputs are last_hidden_state',
    );
  });

  it('is refused with the name of the node that pools otherwise', () => {
    const graph = edited((g) => Object.assign(node(g, 'Gather'), { opType: 'GlobalAveragePool', name: 'pooling' }));
    expect(() => addPatchOutput(graph, 'final')).toThrow('image_embeds comes from node "pooling" (GlobalAveragePool), expected a Gather');
  });

  it('is refused when another token than the class token is picked', () => {
    const graph = edited((g) => node(g, 'Gather').attribute?.forEach((attribute) => Object.assign(attribute, { i: 2 })));
    expect(() => addPatchOutput(graph, 'final')).toThrow('expected a Gather or Slice of token 0 along axis 1');
  });

  it.each(['final', 'value'] as const)('is refused when a mean counts its axis from the front, by the read-out %s', (readOut) => {
    const model = onnx.ModelProto.decode(bytesOf('opset-14'));
    const nodes = model.graph?.node ?? [];
    const pick = nodes.findLastIndex(({ opType }) => opType === 'Gather');
    const mean = nodes.findIndex(({ opType }, index) => index > pick && opType === 'ReduceMean');
    Object.assign(nodes[mean], { name: 'mean', attribute: [{ name: 'axes', type: onnx.AttributeProto.AttributeType.INTS, ints: [1] }] });
    const graph = new OnnxGraph(onnx.ModelProto.encode(model).finish(), 'vision_model.onnx'); // of one token [images, width] axis 1 is the last
    expect(() => addPatchOutput(graph, readOut)).toThrow('vision_model.onnx: node "mean" (ReduceMean) acts on axis 1, expected -1');
  });

  it('is refused with the name of the attention whose output goes astray', () => {
    const graph = edited((g) => {
      const attention = node(g, 'Attention');
      const reads = g.node?.find((candidate) => candidate.input?.includes(attention.output?.[0] ?? '')) as onnx.INodeProto;
      Object.assign(reads, { opType: 'Tanh', name: 'odd' });
    });
    expect(() => addPatchOutput(graph, 'value')).toThrow(/goes to node "odd" \(Tanh\), expected the linear map out_proj/);
  });

  it('is refused when the bytes are no model', () => {
    expect(() => new OnnxGraph(Buffer.from('version https://git-lfs'), 'vision_model.onnx')).toThrow(/^vision_model.onnx: /);
  });
});
