import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onnx } from 'onnx-proto';
import { externalFiles } from './external-data';

const { EXTERNAL, DEFAULT } = onnx.TensorProto.DataLocation;
const at = (location: string, dataLocation = EXTERNAL): onnx.ITensorProto => ({ dataLocation, externalData: [{ key: 'offset', value: '0' }, { key: 'location', value: location }] }); // prettier-ignore

it('finds weights of initializers, constants and branches, each file once', () => {
  const branch = { node: [{ attribute: [{ t: at('c') }] }], initializer: [at('d')] };
  const node = [{ attribute: [{ t: at('b') }, { tensors: [at('a'), at('e')] }] }, {}, { attribute: [{ g: branch }, { graphs: [{ initializer: [at('f')] }] }] }]; // prettier-ignore
  const folder = mkdtempSync(join(tmpdir(), 'external-'));
  const path = join(folder, 'model.onnx');
  writeFileSync(path, onnx.ModelProto.encode({ graph: { node, initializer: [at('a'), at('a'), at('inside', DEFAULT)] } }).finish());
  expect(externalFiles(path, 'model').sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  rmSync(folder, { recursive: true });
});
