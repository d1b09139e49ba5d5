import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { nvidiaGpus } from './nvidia-driver';

const compiler = ['cc', 'gcc', 'clang'].find((name) => spawnSync(name, ['--version']).status === 0);
const folder = mkdtempSync(path.join(tmpdir(), 'tass-driver-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A library with the four functions of the driver: `init` is what cuInit returns, `count` the number of GPUs. */
function driverThat(init: number, count: number): string {
  const [source, library] = [`${init}-${count}.c`, `libcuda-${init}-${count}.so`].map((name) => path.join(folder, name));
  writeFileSync(
    source,
    `#include <stdio.h>
    int cuInit(unsigned flags) { return flags == 0 ? ${init} : 1; }
    int cuDeviceGetCount(int* count) { *count = ${count}; return 0; }
    int cuDeviceGetName(char* name, int length, int device) { snprintf(name, length, "NVIDIA Example %d", device); return device == 2 ? 101 : 0; }
    int cuGetErrorString(int code, const char** text) { *text = code == 100 ? "no CUDA-capable device is detected" : 0; return code == 100 ? 0 : 1; }`,
  );
  const { status, stderr } = spawnSync(compiler as string, ['-shared', '-fPIC', '-o', library, source], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return library;
}

(compiler ? it : it.skip)('names the GPUs, or gives the answer of the driver (needs a C compiler)', () => {
  expect(nvidiaGpus(driverThat(0, 3))).toEqual({ names: ['NVIDIA Example 0', 'NVIDIA Example 1', 'GPU 2'] });
  expect(nvidiaGpus(driverThat(0, 0))).toEqual({ missing: "NVIDIA's driver lists no GPU" });
  expect(nvidiaGpus(driverThat(100, 1))).toEqual({ missing: "NVIDIA's driver answers 100: no CUDA-capable device is detected" });
  expect(nvidiaGpus(driverThat(803, 1))).toEqual({ missing: "NVIDIA's driver answers 803" });
});

it('says that there is no driver', () => {
  expect(nvidiaGpus(path.join(folder, 'libnone.so.1'))).toEqual({
    missing: expect.stringMatching(/libnone\.so\.1 does not load: no NVIDIA driver is installed$/),
  });
});
