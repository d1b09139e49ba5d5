import { join } from 'node:path';
import { projectSettings } from '@tass/config';
import { loadExperiment } from './load-experiment';
import { openEngine } from './open-engine';

const settings = projectSettings(join(__dirname, '../../..'), {});
const open = (...overrides: string[]) => openEngine(loadExperiment(settings, 'quickstart', overrides));

it('tells the engine with its device, as the manifest of a run keeps it', async () => {
  const { backend, library, threads, device, compile } = await open('engine.backend=wasm', 'engine.threads=1', 'engine.device=cpu');
  expect({ backend, threads, compile }).toEqual({ backend: 'wasm', threads: 1, compile: 'off' });
  expect(library).toMatch(/wasm \d/);
  expect(device).toMatch(/^cpu: \S/);
});

it('refuses a device that the engine does not have, and a word that is none', async () => {
  await expect(open('engine.backend=cpu', 'engine.device=gpu')).rejects.toThrow(
    'useEngine: device is gpu, which backend cpu does not use, expected backend auto, tensorflow or tfjs-node-gpu',
  );
  expect(() => loadExperiment(settings, 'quickstart', ['engine.device=tpu'])).toThrow(/engine\.device/);
});
