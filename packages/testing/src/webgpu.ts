import { swiftShaderEnvironment, withSwiftShader } from './swift-shader';

/** Specs of WebGPU run on SwiftShader, whatever GPU there is; with TASS_DEVICE=webgpu they run on this machine's GPU. */
const isReal = process.env.TASS_DEVICE === 'webgpu';

export const webgpuEnvironment = isReal ? {} : swiftShaderEnvironment;
export const withWebgpu = isReal ? describe : withSwiftShader;
/** What an engine calls the device. */
export const webgpuName = isReal ? /^webgpu: ./ : /^webgpu: .*SwiftShader/;
