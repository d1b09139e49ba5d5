import { needsSwiftShader, swiftShaderEnvironment, withSwiftShader } from '@tass/testing';
import { chooseProvider, findProvider } from './execution-providers';
import { provideEnvironment } from './native-library';
import { vulkanDevices } from './vulkan-devices';

it('finds the CPU, and names a provider that this system does not have', () => {
  expect(findProvider('cpu')).toMatchObject({ name: 'cpu', device: expect.stringMatching(/./), isSoftware: false });
  const other = process.platform === 'win32' ? 'coreml' : 'dml';
  expect(findProvider(other)).toEqual({
    missing: expect.stringMatching(new RegExp(`^onnxruntime has no ${other} on \\w+ \\w+; it is for \\w+\\. Here it has cpu, `)),
  });
});

const canHaveCuda = process.platform === 'linux' && process.arch === 'x64';
(canHaveCuda ? it : it.skip)('names the command that installs CUDA (needs Linux on x64)', () => {
  const { XDG_CACHE_HOME: before } = process.env;
  process.env.XDG_CACHE_HOME = '/nonexistent';
  expect(findProvider('cuda')).toEqual({
    missing: expect.stringMatching(
      /^\/nonexistent\S+ does not hold CUDA's provider of onnxruntime\. Run: npm run engine:onnxruntime -- --cuda$/,
    ),
  });
  if (before === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = before;
});

it('says that there is no Vulkan loader', () => {
  expect(vulkanDevices('libnone.so.1')).toEqual({ missing: 'libnone.so.1 does not load: no Vulkan loader is installed' });
});

withSwiftShader(`with SwiftShader as the only driver ${needsSwiftShader}`, () => {
  beforeAll(() => provideEnvironment(swiftShaderEnvironment));

  it('names it as the device of WebGPU, which computes on the CPU', () => {
    const device = { name: expect.stringMatching(/^SwiftShader Device/), kind: 'software', memoryBytes: expect.any(Number) };
    expect(vulkanDevices()).toEqual({ devices: [device] });
    expect(findProvider('webgpu')).toEqual({
      ...{ name: 'webgpu', device: device.name, isSoftware: true },
      memoryBytes: device.memoryBytes,
    });
  });

  it('is not chosen where no device is named', () => {
    const { provider, passedOver } = chooseProvider();
    expect(provider.name === 'cpu' || provider.name === 'cuda').toBe(true);
    if (provider.name === 'cpu') expect(passedOver.at(-1)).toMatch(/^webgpu: SwiftShader Device .* computes on the CPU$/);
  });
});
