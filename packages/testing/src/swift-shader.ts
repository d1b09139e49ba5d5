import { existsSync } from 'node:fs';

const descriptions = [
  process.env.TASS_SWIFTSHADER ?? '',
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/usr/lib/chromium-browser/vk_swiftshader_icd.json',
];

/**
 * The description of SwiftShader, a Vulkan driver that computes on the CPU: TASS_SWIFTSHADER=<vk_swiftshader_icd.json>, or that of Chromium.
 * A program uses it, and no other driver, with these variables. A spec that computes in its own process sets them with `provideEnvironment`, as
 * the process.env of jest is a copy.
 */
const description = descriptions.find((file) => existsSync(file));
export const swiftShaderEnvironment = { VK_DRIVER_FILES: description ?? '', VK_ICD_FILENAMES: description ?? '' }; // the second for older loaders

export const withSwiftShader = description === undefined ? describe.skip : describe;
export const needsSwiftShader = "(needs SwiftShader, from Debian's chromium and libvulkan1)";
