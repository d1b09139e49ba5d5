import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onnx } from 'onnx-proto';
import { Tensor } from 'onnxruntime-node';
import { createSession } from '../model/session';
import { readGraph } from '@tass/onnx';
import { allowed, refusals } from '@tass/testing';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'graph-'))));
afterEach(() => rmSync(folder, { recursive: true }));
const written = (bytes: Uint8Array): string => {
  writeFileSync(join(folder, 'a model.onnx'), bytes);
  return join(folder, 'a model.onnx');
};

const { EXTERNAL, DEFAULT } = onnx.TensorProto.DataLocation;
const floats = (name: string, count: number) => ({ name, dims: [count], dataType: 1, rawData: new Uint8Array(Float32Array.from({ length: count }, (_, i) => i + 0.5).buffer) }); // prettier-ignore
const elsewhere = {
  name: 'elsewhere',
  dims: [500],
  dataType: 1,
  dataLocation: EXTERNAL,
  externalData: [{ key: 'location', value: 'b.data' }],
};
const unknownField = Uint8Array.from([0xba, 0x3e, 3, 1, 2, 3]); // number 999, of a newer exporter
const model = Buffer.concat([
  onnx.ModelProto.encode({
    irVersion: 8,
    producerName: 'spec',
    graph: {
      name: 'graph',
      node: [{ opType: 'Add', input: ['small', 'large'], output: ['sum'] }],
      initializer: [floats('small', 255), floats('large', 256), { name: 'typed', dims: [400], dataType: 1, floatData: Array(400).fill(1) }, elsewhere], // prettier-ignore
    },
  }).finish(),
  unknownField,
]);

it('leaves large weights in the file and tells their place', () => {
  const read = readGraph(written(model));
  const { graph, producerName } = onnx.ModelProto.decode(read);
  const [small, large, typed, other] = graph!.initializer!;
  expect([producerName, graph!.name, graph!.node![0].input]).toEqual(['spec', 'graph', ['small', 'large']]);
  expect([small.rawData?.length, small.dataLocation]).toEqual([1020, DEFAULT]);
  expect([typed.floatData?.length, other.externalData?.length]).toEqual([400, 1]);

  expect([large.name, Number(large.dims![0]), large.dataType, large.rawData?.length, large.dataLocation]).toEqual(['large', 256, 1, 0, EXTERNAL]); // prettier-ignore
  const place = Object.fromEntries(large.externalData!.map(({ key, value }) => [key, value]));
  expect(place).toEqual({ location: 'a model.onnx', offset: expect.any(String), length: '1024' });
  const bytes = model.subarray(Number(place.offset), Number(place.offset) + 1024);
  expect(bytes.equals(floats('large', 256).rawData)).toBe(true);

  expect(read.length).toBeLessThan(model.length - 900);
  expect(Buffer.from(read.slice(-unknownField.length)).equals(unknownField)).toBe(true);
});

it('computes the same bits from weights in the file', async () => {
  const path = join(__dirname, '../../models/tiny-clip/onnx/vision_model.onnx');
  const whole = readFileSync(path);
  const pixels = Float32Array.from({ length: 3 * 112 * 112 }, (_, i) => Math.sin(i));
  const results = [];
  for (const bytes of [whole, readGraph(path)]) {
    const session = await createSession(bytes, path);
    const { image_embeds } = await session.run({ pixel_values: new Tensor('float32', pixels, [1, 3, 112, 112]) });
    results.push([...(image_embeds.data as Float32Array)]);
    await session.release();
  }
  expect(results[1]).toEqual(results[0]);
  expect(readGraph(path).length).toBeLessThan(whole.length / 10);
});

it('says of a model that was cut off, or is none, what to do', () => {
  const ends = [1, 7, 40, 200, 1200, 2400, model.length - 1];
  for (const length of ends) {
    const path = written(model.subarray(0, length));
    expect(() => readGraph(path)).toThrow(`${path}: cannot be read as an ONNX model (it ends early, or is none). Fetch or export the file again`); // prettier-ignore
  }
  expect(() => readGraph(written(Buffer.from('<!DOCTYPE html><html>not here</html>')))).toThrow('cannot be read as an ONNX model');
  expect(() => readGraph(join(folder, 'missing.onnx'))).toThrow('ENOENT');
});

it('refuses a file of zeros, of parts or of texts without end in little time and memory', () => {
  const zeros = join(folder, 'zeros.onnx');
  writeFileSync(zeros, '');
  truncateSync(zeros, 20 * 2 ** 30); // holds no blocks
  const parts = join(folder, 'parts.onnx');
  writeFileSync(parts, Buffer.alloc(20_000_000, Buffer.from([8, 1])));
  const text = join(folder, 'text.onnx');
  writeFileSync(text, Buffer.from([0x12, 0x80, 0x80, 0x80, 0x80, 0x10])); // its producer's name has 4 GiB
  truncateSync(text, 6 + 2 ** 32);
  const cases = { zeros, parts, text };
  const work = Object.entries(cases).map(([name, path]) => [name, `it.readGraph(${JSON.stringify(path)})`]);
  const found = refusals(join(__dirname, '../../../onnx/src/read-graph.ts'), Object.fromEntries(work) as typeof cases);
  expect(Object.values(found).map(({ message }) => message)).toEqual([
    `${zeros}: cannot be read as an ONNX model (it ends early, or is none). Fetch or export the file again`,
    `${parts}: has more than 500000 parts, the most that are read of an ONNX model. Fetch or export the file again`,
    `${text}: has more than 256 MB without its large weights, the most that is read of an ONNX model. Fetch or export the file again`,
  ]);
  expect(Object.values(found).filter(({ seconds, megabytes }) => seconds > allowed.seconds || megabytes > allowed.megabytes)).toEqual([]);
});
