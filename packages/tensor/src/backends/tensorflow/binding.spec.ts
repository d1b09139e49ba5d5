import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node/dist/nodejs_kernel_backend';
import { availableEngines, disposeEngine, useEngine } from '../../engine';
import * as tf from '../../tf';
import { constants } from './constants';

const present = availableEngines().includes('tensorflow');
const suite = present ? describe : describe.skip;
afterAll(() => disposeEngine());

suite(present ? 'tensorflow' : 'tensorflow: not on this machine, run npm run engine:tensorflow', () => {
  let backend: NodeJSKernelBackend;
  beforeAll(async () => {
    await useEngine({ backend: 'tensorflow', threads: 2 });
    backend = tf.backend() as unknown as NodeJSKernelBackend;
  });

  it.each(['float32', 'int32', 'bool'] as const)('keeps %s values, of no axis, several, and empty ones', (dtype) => {
    expect([...tf.concat([tf.tensor([[1, 0]], [1, 2], dtype), tf.ones([1, 1], dtype)], 1).dataSync()]).toEqual([1, 0, 1]);
    expect([...tf.cast(tf.clone(tf.scalar(1, dtype)), dtype).dataSync()]).toEqual([1]);
    expect(tf.concat([tf.zeros([0, 2], dtype), tf.zeros([0, 2], dtype)]).dataSync()).toHaveLength(0);
  });

  it('gives values of its own, not views on the memory of the library', () => {
    const x = tf.add(tf.tensor1d([1, 2]), 0);
    x.dataSync()[0] = 9;
    expect(x.dataSync()[0]).toBe(1);
  });

  it("throws TensorFlow's message with the name of the operation, and works on", () => {
    expect(() => backend.executeSingleOutput('NoSuchOperation', [], [])).toThrow(/^TensorFlow NoSuchOperation: /);
    const attributes = ['adj_x', 'adj_y'].map((name) => ({ name, type: constants.TF_ATTR_BOOL, value: false }));
    const type = { name: 'T', type: constants.TF_ATTR_TYPE, value: constants.TF_FLOAT };
    const multiply = () => backend.executeSingleOutput('BatchMatMulV2', [...attributes, type], [tf.ones([2, 3]), tf.ones([4, 5])]);
    expect(multiply).toThrow(/^TensorFlow BatchMatMulV2: [^{].*\[2,3\].*\[4,5\]/);
    expect(tf.add(1, 2).dataSync()[0]).toBe(3);
  });

  it('refuses what it cannot do: string tensors and unknown attributes', () => {
    expect(() => backend.executeSingleOutput('Identity', [], [tf.tensor1d(['a'])])).toThrow('string tensors are not supported');
    expect(() => backend.executeSingleOutput('Identity', [{ name: 'T', type: 99, value: 1 }], [])).toThrow(
      'TensorFlow Identity: attribute T is of kind 99',
    );
  });

  it('deletes what is disposed', () => {
    const before = backend.getNumOfTFTensors();
    tf.tidy(() => tf.matMul(tf.ones([2, 2]), tf.ones([2, 2])).dataSync());
    expect(backend.getNumOfTFTensors()).toBe(before);
    expect(() => backend.binding.deleteTensor(123456)).toThrow(
      'TensorFlow: tensor 123456 is disposed, was never made, or was made in a step that was only recorded',
    );
  });

  it('keeps its number of threads for the life of the process', async () => {
    await expect(useEngine({ backend: 'tensorflow', threads: 1 })).rejects.toThrow(
      'TensorFlow runs with threads=2 in this process, which cannot be changed to 1',
    );
    expect(await useEngine({ backend: 'tensorflow', threads: 2 })).toMatchObject({
      library: expect.stringMatching(/^TensorFlow 2\./),
      threads: 2,
    });
  });
});
