import { type FoundLibrary, findBroughtLibrary, findOwnLibrary } from './library';
import { nvidiaGpus } from '@tass/onnx';

/** Where tensors are computed; without a choice the CPU, except for tfjs-node-gpu. `gpu` is TensorFlow with CUDA, `webgpu` onnxruntime on any vendor's GPU, `auto` that if there is one. */
export const deviceChoices = ['auto', 'cpu', 'gpu', 'webgpu'] as const;
export type DeviceChoice = (typeof deviceChoices)[number];

/** The library for `device`, a folder of the user's own before an installed one; or one line with what is missing and the remedy. */
export function chooseLibrary(
  device: DeviceChoice,
  environment: NodeJS.ProcessEnv = process.env,
  askDriver: typeof nvidiaGpus = nvidiaGpus,
): FoundLibrary {
  const gpus = device === 'gpu' ? askDriver() : {};
  if ('missing' in gpus) return { missing: `no GPU answers: ${gpus.missing}` };
  const own = findOwnLibrary(environment);
  if (own !== undefined) return own;
  const cuda = findBroughtLibrary('cuda', environment);
  if (device === 'gpu') return cuda;
  const plain = findBroughtLibrary('cpu', environment);
  return 'missing' in plain && 'folder' in cuda ? cuda : plain;
}
