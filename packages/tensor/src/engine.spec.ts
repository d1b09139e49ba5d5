import { execFileSync } from 'node:child_process';
import { fromSources } from '@tass/testing';
import { findStock } from './backends/tfjs-node/find-stock';
import { availableEngines, disposeEngine, useEngine } from './engine';
import { engineFromEnvironment } from './engine-from-environment';
import * as tf from './tf';

afterAll(() => disposeEngine());

describe('useEngine', () => {
  it.each([1, 2])('runs wasm with %d threads, and tells what it runs', async (threads) => {
    const listeners = process.listenerCount('uncaughtException');
    expect(await useEngine({ backend: 'wasm', threads })).toMatchObject({
      backend: 'wasm',
      threads,
      library: expect.stringMatching(/wasm \d/),
    });
    expect(tf.getBackend()).toBe('wasm');
    expect(tf.matMul([[1, 2]], [[3], [4]]).dataSync()[0]).toBe(11);
    expect(process.listenerCount('uncaughtException')).toBe(listeners);
  });

  it('keeps the tensors of wasm when it is asked for again', async () => {
    await useEngine({ backend: 'wasm', threads: 1 });
    const x = tf.tensor1d([1, 2]);
    await useEngine({ backend: 'wasm', threads: 1 });
    expect(x.dataSync()[1]).toBe(2);
    x.dispose();
  });

  it('names the variable, the folder and the command where tensorflow is asked for and not there', async () => {
    await withEnvironment({ TASS_TENSORFLOW_LIB: '/nowhere', TASS_DEVICE: undefined }, async () => {
      expect(availableEngines()).toEqual(['onnxruntime', 'wasm', 'cpu']);
      await expect(useEngine({ backend: 'tensorflow' })).rejects.toThrow(
        'useEngine: backend tensorflow is not there: TASS_TENSORFLOW_LIB=/nowhere does not hold libtensorflow_framework.so.2 and libtensorflow_cc.so.2. Run: npm run engine:tensorflow',
      );
    });
  });

  it('takes onnxruntime, which npm brings, by itself', async () => {
    await withEnvironment({ TASS_DEVICE: undefined }, async () => {
      const engine = await useEngine({ backend: 'auto', threads: 1 });
      expect(engine).toEqual({ backend: 'onnxruntime', library: expect.stringMatching(/^onnxruntime \d+\.\d+/), threads: 1, device: expect.stringMatching(/^cpu: /) }); // prettier-ignore
      expect(tf.matMul([[1, 2]], [[3], [4]]).dataSync()[0]).toBe(11); // outside of a compiled step
    });
  });

  it('takes wasm on a machine that onnxruntime has no library for, and says so', () => {
    const script = `Object.defineProperty(process, 'arch', { value: 'sparc' });
      const { disposeEngine, useEngine } = require('@tass/tensor');
      useEngine({ backend: 'auto' }).then((engine) => (console.log(JSON.stringify(engine)), disposeEngine()));`;
    const words = [...fromSources, '-e', script];
    const engine = JSON.parse(execFileSync(process.execPath, words, { cwd: __dirname, encoding: 'utf8' })) as object;
    expect(engine).toMatchObject({
      backend: 'wasm',
      advice: `onnxruntime, which is faster, does not load: the package onnxruntime-node has no library for ${process.platform} on sparc`,
    });
  });

  it('refuses an unknown name and a broken number of threads', async () => {
    await expect(useEngine({ backend: 'webgl' as never })).rejects.toThrow(
      'expected auto, onnxruntime, tensorflow, wasm, cpu, tfjs-node, tfjs-node-gpu',
    );
    await expect(useEngine({ backend: 'cpu', threads: 1.5 })).rejects.toThrow('threads is 1.5');
  });
});

describe('the device', () => {
  it('is told with its name', async () => {
    expect((await useEngine({ backend: 'cpu' })).device).toMatch(/^cpu: \S/);
    expect((await useEngine({ backend: 'wasm', threads: 1, device: 'cpu' })).device).toMatch(/^cpu: \S/);
  });

  it('is refused where the engine does not use it, and where it is none', async () => {
    for (const backend of ['onnxruntime', 'wasm', 'cpu', 'tfjs-node'] as const)
      await expect(useEngine({ backend, device: 'gpu' })).rejects.toThrow(
        `useEngine: device is gpu, which backend ${backend} does not use, expected backend auto, tensorflow or tfjs-node-gpu`,
      );
    for (const backend of ['wasm', 'cpu', 'tensorflow', 'tfjs-node-gpu'] as const)
      await expect(useEngine({ backend, device: 'webgpu' })).rejects.toThrow(
        `useEngine: device is webgpu, which backend ${backend} does not use, expected backend auto or onnxruntime`,
      );
    await expect(useEngine({ backend: 'auto', device: 'tpu' as never })).rejects.toThrow('device is "tpu", expected auto, cpu, gpu');
    await withEnvironment({ TASS_DEVICE: 'tpu' }, () =>
      expect(useEngine({ backend: 'tensorflow' })).rejects.toThrow('TASS_DEVICE is tpu, expected auto, cpu, gpu'),
    );
  });

  it('gpu, by name or by TASS_DEVICE, does not fall back to another one', async () => {
    await withEnvironment(
      { TASS_TENSORFLOW_LIB: undefined, XDG_CACHE_HOME: '/nowhere', CUDA_VISIBLE_DEVICES: '-1', TASS_DEVICE: 'gpu' },
      async () => {
        for (const backend of ['auto', 'tensorflow'] as const)
          await expect(useEngine({ backend })).rejects.toThrow(/^useEngine: device gpu is not there: (no GPU answers: |\/nowhere\/).+/);
        await expect(useEngine({ backend: 'auto', device: 'gpu' })).rejects.toThrow('device gpu is not there');
        expect(await useEngine({ backend: 'auto', threads: 1, device: 'cpu' })).toMatchObject({ backend: 'onnxruntime' });
        expect(await useEngine({ backend: 'wasm', threads: 1 })).toMatchObject({ backend: 'wasm' });
      },
    );
  });
});

for (const backend of ['tfjs-node', 'tfjs-node-gpu'] as const) {
  const found = findStock(backend);
  const title = `${backend}: named with the command that brings it, where its native part is not there`;
  ('missing' in found ? it : it.skip)(title, async () => {
    await expect(useEngine({ backend })).rejects.toThrow(
      `useEngine: backend ${backend} is not there: ${(found as { missing: string }).missing}`,
    );
  });
}

describe('engineFromEnvironment', () => {
  it('takes the engine of TASS_ENGINE, else the given one', async () => {
    await withEnvironment({ TASS_ENGINE: 'wasm' }, async () => expect((await engineFromEnvironment()).backend).toBe('wasm'));
    await withEnvironment({ TASS_ENGINE: undefined }, async () => expect((await engineFromEnvironment()).backend).toBe('cpu'));
    await withEnvironment({ TASS_ENGINE: 'gpu' }, () => expect(engineFromEnvironment()).rejects.toThrow('TASS_ENGINE is gpu'));
  });
});

async function withEnvironment(variables: Record<string, string | undefined>, use: () => Promise<void>): Promise<void> {
  const before = { ...process.env };
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  try {
    await use();
  } finally {
    process.env = before;
  }
}
