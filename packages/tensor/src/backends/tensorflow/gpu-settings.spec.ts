import * as path from 'node:path';
import { chooseLibrary } from './choose-library';
import { computeProductsInFull } from './gpu-settings';
import { loadKoffi, openForever, provideEnvironment } from '@tass/onnx';
import { libraryFiles } from './library';
import { withoutStandardError } from './without-standard-error';

const library = chooseLibrary('cpu');

('folder' in library ? it : it.skip)('TensorFlow is told to keep products in float32 (needs npm run engine:tensorflow)', () => {
  const { folder } = library as { folder: string };
  const framework = withoutStandardError(() => openForever(path.join(folder, libraryFiles[0]), { global: true }));
  const rounds = framework.func('bool _ZN3tsl33tensor_float_32_execution_enabledEv()') as () => boolean;
  expect(rounds()).toBe(true);
  computeProductsInFull(folder);
  expect(rounds()).toBe(false);
});

it('variables are set for native code, but not over those that are set', () => {
  const read = loadKoffi().load('libc.so.6').func('const char* getenv(const char*)') as (name: string) => string | null;
  expect(read('TASS_SPEC_VARIABLE')).toBeNull();
  provideEnvironment({ TASS_SPEC_VARIABLE: 'first' });
  provideEnvironment({ TASS_SPEC_VARIABLE: 'second' });
  expect(read('TASS_SPEC_VARIABLE')).toBe('first');
});
