import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Tensor } from 'onnxruntime-node';
import { onnx } from 'onnx-proto';
import { OnnxGraph } from '@tass/onnx';
import { createSession } from '../model/session';
import { greatestDifference } from '@tass/testing';
import { addHiddenOutput, addTokenOutput, hiddenOutput, tokenOutput } from './token-output';

const fixtures = join(__dirname, 'fixtures'); // written by clip-exports.py
const expected = JSON.parse(readFileSync(join(fixtures, 'clip-exports.json'), 'utf8'));
const bytesOf = (name: string) => readFileSync(join(fixtures, `${name}/onnx/text_model.onnx`));
const ids = BigInt64Array.from(expected.ids.flat().map(BigInt));

it.each(['opset-14', 'dynamo-23'])('equals PyTorch on every token of a text tower exported as %s', async (name) => {
  const graph = new OnnxGraph(bytesOf(name), name);
  addTokenOutput(graph);
  const session = await createSession(graph.encode(), name);
  const outputs = await session.run({
    input_ids: new Tensor('int64', ids, [3, 5]),
    attention_mask: new Tensor(
      'int64',
      ids.map((id) => (id === 0n ? 0n : 1n)),
      [3, 5],
    ),
  });
  expect(outputs[tokenOutput].dims).toEqual([3, 5, 6]);
  expect(greatestDifference(outputs[tokenOutput].data as Float32Array, expected.tokens)).toBeLessThan(1e-5);
  expect(greatestDifference(outputs.text_embeds.data as Float32Array, expected.text)).toBeLessThan(1e-5);
});

it('gives every token before the projection too, the same of two exports', async () => {
  const [older, newer] = await Promise.all(
    ['opset-14', 'dynamo-23'].map(async (name) => {
      const graph = new OnnxGraph(bytesOf(name), name);
      addHiddenOutput(graph);
      const session = await createSession(graph.encode(), name);
      const mask = ids.map((id) => (id === 0n ? 0n : 1n));
      const outputs = await session.run({ input_ids: new Tensor('int64', ids, [3, 5]), attention_mask: new Tensor('int64', mask, [3, 5]) });
      expect(outputs[hiddenOutput].dims).toEqual([3, 5, 16]); // the tower's own width; 6 behind the projection
      return outputs[hiddenOutput].data as Float32Array;
    }),
  );
  expect(greatestDifference(older, newer)).toBeLessThan(1e-5);
});

it('refuses, by the name of its node, a pick that does not come from input_ids', () => {
  const model = onnx.ModelProto.decode(bytesOf('dynamo-23'));
  const pick = model.graph?.node?.findLast(({ opType }) => opType === 'GatherND') as onnx.INodeProto;
  Object.assign(pick, { name: 'last_token', input: [pick.input?.[0], model.graph?.initializer?.[0]?.name] });
  const graph = new OnnxGraph(onnx.ModelProto.encode(model).finish(), 'text_model.onnx');
  expect(() => addTokenOutput(graph)).toThrow(
    'text_model.onnx: node "last_token" (GatherND) feeds text_embeds, expected a pick of the end token',
  );
});
