import { requirementsOfExtra } from './requirements';

const metadata = (...requirements: string[]) =>
  [
    'Metadata-Version: 2.4',
    'Name: some',
    ...requirements.map((text) => `Requires-Dist: ${text}`),
    '',
    'Requires-Dist: told; extra == "cuda"',
  ].join('\n');

it('gives what is asked for under one extra, in its order, and neither the rest nor the description', () => {
  const text = metadata(
    'numpy>=1.26',
    'nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "cuda"',
    "nvidia-cudnn-cu12 (>=9.3) ; extra=='cuda'",
    'other; extra == "cuda-13"',
    'both; python_version < "3.13" or extra == "other"',
  );
  expect(requirementsOfExtra(text, 'cuda')).toEqual(['nvidia-cublas-cu12<13.0,>=12.5.3.2', 'nvidia-cudnn-cu12 (>=9.3)']);
  expect(requirementsOfExtra(text.replaceAll('\n', '\r\n'), 'cuda')).toHaveLength(2);
});

it('takes names that differ in case and dashes only, and leaves the rest of a condition to pip', () => {
  const text = metadata(
    'a; extra == "and_CUDA" and sys_platform == "linux"',
    'b; (sys_platform != "win32" and python_version < "3.13") and extra == "and-cuda"',
    'c; (extra == "and-cuda")',
    'd; extra == "and-cuda" or extra == "all"',
  );
  expect(requirementsOfExtra(text, 'and-cuda')).toEqual([
    'a; python_version >= "3" and sys_platform == "linux"',
    'b; (sys_platform != "win32" and python_version < "3.13") and python_version >= "3"',
    'c',
    'd; python_version >= "3" or extra == "all"',
  ]);
});

it('refuses a wheel without the extra', () => {
  expect(() => requirementsOfExtra(metadata('a; extra == "cuda"'), 'and-cuda')).toThrow(
    'METADATA asks for nothing under the extra and-cuda',
  );
});
