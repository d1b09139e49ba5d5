import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alsoOnGpu } from './gpu-programs';

const folder = mkdtempSync(join(tmpdir(), 'nvidia-smi-'));
afterAll(() => rmSync(folder, { recursive: true }));

const withTool = (script: string): NodeJS.ProcessEnv => {
  writeFileSync(join(folder, 'nvidia-smi'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'nvidia-smi'), 0o755);
  return { PATH: `${folder}:/bin:/usr/bin` };
};

it('names the other programs with their memory, not this one', () => {
  const list = `4711, /usr/bin/python3, 70000 MiB\n${process.pid}, node, 300 MiB\n4712, a, b, [N/A]`;
  const environment = withTool(`test "$1" = --query-compute-apps=pid,process_name,used_memory && printf '%s\\n' '${list}'`);
  expect(alsoOnGpu(environment)).toBe('. Also on the GPU: /usr/bin/python3 (process 4711, 70000 MiB), a, b (process 4712, [N/A])');
});

it('says nothing if it is alone, or if there is no NVIDIA driver', () => {
  expect(alsoOnGpu(withTool(`echo '${process.pid}, node, 300 MiB'`))).toBe('');
  expect(alsoOnGpu(withTool('echo "NVIDIA-SMI has failed"; exit 9'))).toBe('');
  expect(alsoOnGpu({ PATH: join(folder, 'empty') })).toBe('');
});
