import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { problemOfCuda } from './cuda-provider';
import { nvidiaGpus } from './nvidia-driver';
import { type VulkanDevice, vulkanDevices } from './vulkan-devices';

/** Where onnxruntime computes: its execution providers that this project knows. */
const providerNames = ['cpu', 'webgpu', 'cuda', 'coreml', 'dml'] as const;
export type ProviderName = (typeof providerNames)[number];

/** A provider that can be asked for here. */
export interface FoundProvider {
  readonly name: ProviderName;
  readonly device: string; // what will compute, as its driver names it
  readonly isSoftware: boolean; // a GPU's driver that computes on the CPU, such as SwiftShader: right, and slow
  readonly memoryBytes?: number; // of the device, where its driver tells
}

/** Or one line with the reason why it cannot, and what to do. */
export type ProviderSearch = FoundProvider | { readonly missing: string };

const systems: Readonly<Record<ProviderName, string>> = {
  cpu: 'every system',
  webgpu: 'Linux on x64, macOS and Windows',
  cuda: 'Linux on x64',
  coreml: 'macOS',
  dml: 'Windows',
};

/** Looks for a provider and the device that it will compute on, without computing. A driver that is found may still refuse the work. */
export function findProvider(name: ProviderName): ProviderSearch {
  const built = builtInProviders();
  if (!built.includes(name)) {
    const here = providerNames.filter((each) => built.includes(each)).join(', ');
    return {
      missing: `onnxruntime has no ${name} on ${process.platform} ${process.arch}; it is for ${systems[name]}. Here it has ${here}`,
    };
  }
  if (name === 'webgpu') return findWebgpu();
  if (name === 'cuda') return findCuda();
  return { name, device: processor(), isSoftware: false };
}

/**
 * The fastest provider that has a real GPU, else the CPU with the reasons why no other one was taken. CUDA before WebGPU, as it is NVIDIA's
 * own. CoreML and DirectML must be named: on their systems WebGPU reaches the same GPU.
 */
export function chooseProvider(): { readonly provider: FoundProvider; readonly passedOver: readonly string[] } {
  const passedOver: string[] = [];
  for (const name of ['cuda', 'webgpu'] as const) {
    const found = findProvider(name);
    if ('missing' in found) passedOver.push(`${name}: ${found.missing}`);
    else if (found.isSoftware) passedOver.push(`${name}: ${found.device} computes on the CPU`);
    else return { provider: found, passedOver };
  }
  return { provider: { name: 'cpu', device: processor(), isSoftware: false }, passedOver };
}

/** As onnxruntime names them. Throws where the package has no library for this system. */
function builtInProviders(): string[] {
  const { listSupportedBackends } = createRequire(__filename)('onnxruntime-node') as typeof import('onnxruntime-node');
  return listSupportedBackends().map(({ name }) => name);
}

/** On Linux through Vulkan; through Metal and Direct3D on the other systems, whose devices are not listed here. */
function findWebgpu(): ProviderSearch {
  if (process.platform !== 'linux')
    return { name: 'webgpu', device: process.platform === 'darwin' ? processor() : 'GPU', isSoftware: false };
  const found = vulkanDevices();
  if ('missing' in found)
    return {
      missing: `${found.missing}. Install the GPU's driver for Vulkan: apt-get install libvulkan1, with mesa-vulkan-drivers for AMD and Intel; NVIDIA's driver contains its own`,
    };
  const device = firstChoice(found.devices);
  return { name: 'webgpu', device: device.name, isSoftware: device.kind === 'software', memoryBytes: device.memoryBytes };
}

/** The device that WebGPU's implementation, Dawn, takes where speed is asked for, as onnxruntime does. */
function firstChoice(devices: readonly VulkanDevice[]): VulkanDevice {
  const order: readonly VulkanDevice['kind'][] = ['discrete', 'integrated', 'software'];
  const rank = ({ kind }: VulkanDevice): number => (order.includes(kind) ? order.indexOf(kind) : order.length);
  return devices.reduce((best, device) => (rank(device) < rank(best) ? device : best));
}

function findCuda(): ProviderSearch {
  const missing = problemOfCuda();
  if (missing !== undefined) return { missing };
  const gpus = nvidiaGpus();
  if ('missing' in gpus) return { missing: `no GPU answers: ${gpus.missing}` };
  return { name: 'cuda', device: gpus.names[0], isSoftware: false };
}

const processor = (): string => cpus()[0]?.model.trim() ?? process.arch;
