import { sessionConfig } from './session-config';

// Bytes made once by tensorflow.ConfigProto of Python.
it.each([
  [{ threads: 2, gpu: true }, '1002280232052001' + '2a0130'],
  [{ threads: 200, gpu: false }, '0a070a034750551000' + '10c80128c801'],
  [{ threads: 0, gpu: true }, '320520012a0130'],
])('%j', (options, hex) => {
  expect(Buffer.from(sessionConfig(options)).toString('hex')).toBe(hex);
});

it('refuses more threads than its two bytes hold', () => {
  expect(() => sessionConfig({ threads: 2 ** 14, gpu: true })).toThrow('TensorFlow: threads is 16384, expected less than 16384');
});
