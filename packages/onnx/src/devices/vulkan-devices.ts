import type { LibraryHandle } from 'koffi';
import { openForever } from './native-library';

const kinds = ['other', 'integrated', 'discrete', 'virtual', 'software'] as const; // by VkPhysicalDeviceType; software: a driver that computes on the CPU

/** A device of a Vulkan driver. */
export interface VulkanDevice {
  readonly name: string;
  readonly kind: (typeof kinds)[number];
  readonly memoryBytes: number; // of its own, in its largest heap
}

/** The devices of all drivers, in the loader's order; or one line with the reason why there is none. */
export type VulkanDevices = { readonly devices: readonly VulkanDevice[] } | { readonly missing: string };

// Sizes and offsets in bytes of the structures of vulkan_core.h, which never change.
const createInfo = { bytes: 128, type: 1 }; // VkInstanceCreateInfo has 64; all but its type is 0
const properties = { bytes: 1024, kind: 16, name: 20, nameBytes: 256 }; // VkPhysicalDeviceProperties has 824
const memory = { bytes: 1024, heapCount: 260, heaps: 264, heapBytes: 16, heapFlags: 8, deviceLocal: 1 }; // VkPhysicalDeviceMemoryProperties has 520

/** Asks Vulkan's loader, which heeds VK_DRIVER_FILES. Source: the Vulkan specification, "Devices and Queues". */
export function vulkanDevices(loader = 'libvulkan.so.1'): VulkanDevices {
  let library: LibraryHandle;
  try {
    library = openForever(loader, { global: true });
  } catch {
    return { missing: `${loader} does not load: no Vulkan loader is installed` };
  }
  const info = Buffer.alloc(createInfo.bytes);
  info.writeUInt32LE(createInfo.type);
  const instance: [object | null] = [null];
  const code = library.func('int vkCreateInstance(void*, void*, _Out_ void**)')(info, null, instance) as number;
  if (code !== 0 || instance[0] === null) return { missing: `Vulkan finds no driver (it answers ${code})` };
  try {
    const devices = handlesOf(library, instance[0]).map((handle) => describe(library, handle));
    return devices.length > 0 ? { devices } : { missing: "Vulkan's drivers list no device" };
  } finally {
    library.func('void vkDestroyInstance(void*, void*)')(instance[0], null);
  }
}

function handlesOf(library: LibraryHandle, instance: object): bigint[] {
  const list = library.func('int vkEnumeratePhysicalDevices(void*, _Inout_ uint32_t*, void*)');
  const count = [0];
  list(instance, count, null);
  const handles = Buffer.alloc(8 * Math.max(16, count[0]));
  list(instance, count, handles);
  return Array.from({ length: count[0] }, (_, device) => handles.readBigUInt64LE(8 * device));
}

function describe(library: LibraryHandle, handle: bigint): VulkanDevice {
  const about = Buffer.alloc(properties.bytes);
  library.func('void vkGetPhysicalDeviceProperties(void*, void*)')(handle, about);
  const name = about.toString('utf8', properties.name, properties.name + properties.nameBytes);
  const heaps = Buffer.alloc(memory.bytes);
  library.func('void vkGetPhysicalDeviceMemoryProperties(void*, void*)')(handle, heaps);
  const sizes = Array.from({ length: heaps.readUInt32LE(memory.heapCount) }, (_, index) => {
    const at = memory.heaps + index * memory.heapBytes;
    const isOwn = (heaps.readUInt32LE(at + memory.heapFlags) & memory.deviceLocal) !== 0;
    return isOwn ? Number(heaps.readBigUInt64LE(at)) : 0;
  });
  return {
    name: name.slice(0, name.indexOf('\0')),
    kind: kinds[about.readUInt32LE(properties.kind)] ?? 'other',
    memoryBytes: Math.max(0, ...sizes),
  };
}
