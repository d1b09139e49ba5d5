import { Binding } from './binding';
import { type CApi, loadCApi } from './c-api';
import { chooseLibrary } from './choose-library';
import { constants } from './constants';
import { withoutStandardError } from './without-standard-error';

const library = chooseLibrary('cpu');
const present = 'folder' in library;
const type = { name: 'T', type: constants.TF_ATTR_TYPE, value: constants.TF_FLOAT };

const load = (): CApi => withoutStandardError(() => loadCApi((library as { folder: string }).folder));

/**
 * Two devices of TensorFlow's on the CPU, of which the second says that it is a GPU: what goes to the device, and that operations find it
 * there, is the same as with a real one.
 */
function bindingWithStandIn(copies: [dtype: number, device: string][]): Binding {
  const api = load();
  const entry = (name: string, count: number) => [0x0a, 7, 0x0a, 3, ...Buffer.from(name), 0x10, count]; // of ConfigProto.device_count
  const config = Uint8Array.from([...entry('CPU', 2), ...entry('GPU', 0)]);
  const standIn: CApi = {
    ...api,
    TFE_ContextOptionsSetConfig: (options, _config, _bytes, status) =>
      api.TFE_ContextOptionsSetConfig(options, config, config.length, status),
    TF_DeviceListType: (devices, index, status) => (index === 1 ? 'GPU' : api.TF_DeviceListType(devices, index, status)),
    TFE_TensorHandleCopyToDevice(handle, context, device, status) {
      copies.push([api.TFE_TensorHandleDataType(handle), device]);
      return api.TFE_TensorHandleCopyToDevice(handle, context, device, status);
    },
  };
  return withoutStandardError(() => new Binding(standIn, { threads: 1, gpu: true }));
}

(present ? it : it.skip)('tensors are made on the GPU, but int32 in the memory of the host (needs npm run engine:tensorflow)', () => {
  const copies: [number, string][] = [];
  const binding = bindingWithStandIn(copies);
  expect(binding.isUsingGpuDevice()).toBe(true);
  const table = binding.createTensor([2, 2], constants.TF_FLOAT, Float32Array.of(1, 2, 3, 4));
  const mask = binding.createTensor([2], constants.TF_BOOL, Uint8Array.of(1, 0));
  const rows = binding.createTensor([1], constants.TF_INT32, Int32Array.of(1));
  const gpu = '/job:localhost/replica:0/task:0/device:CPU:1';
  expect(copies).toEqual([
    [constants.TF_FLOAT, gpu],
    [constants.TF_BOOL, gpu],
  ]);
  const [doubled] = binding.executeOp('AddV2', [type], [table, table], 1);
  const kinds = [
    { ...type, name: 'Tparams' },
    { name: 'Tindices', type: constants.TF_ATTR_TYPE, value: constants.TF_INT32 },
  ];
  const [row] = binding.executeOp('Gather', kinds, [doubled.id, rows], 1);
  expect([...binding.tensorDataSync(row.id)]).toEqual([6, 8]);
  expect([...binding.tensorDataSync(mask)]).toEqual([1, 0]);
  for (const id of [table, mask, rows, doubled.id, row.id]) binding.deleteTensor(id);
  expect(binding.getNumOfTensors()).toBe(0);
});

(present ? it : it.skip)('without a GPU nothing is copied (needs npm run engine:tensorflow)', () => {
  const api = load();
  const copy = jest.fn();
  const binding = new Binding({ ...api, TFE_TensorHandleCopyToDevice: copy }, { threads: 1, gpu: false });
  expect(binding.isUsingGpuDevice()).toBe(false);
  expect([...binding.tensorDataSync(binding.createTensor([2], constants.TF_FLOAT, [1, 2]))]).toEqual([1, 2]);
  expect(copy).not.toHaveBeenCalled();
});
