import { HalfBuffers } from './half-buffers';

it('gives a field the same memory again, as long as it is asked for', () => {
  const buffers = new HalfBuffers();
  const first = buffers.of('patch', 4);
  expect(first).toHaveLength(4);
  expect(buffers.of('patch', 3)).toHaveLength(3);
  expect(buffers.of('patch', 3).buffer).toBe(first.buffer);
  expect(buffers.of('frame', 4).buffer).not.toBe(first.buffer);
});

it('gives more where more is asked for', () => {
  const buffers = new HalfBuffers();
  const first = buffers.of('patch', 4);
  expect(buffers.of('patch', 5)).toHaveLength(5);
  expect(buffers.of('patch', 4).buffer).not.toBe(first.buffer);
});
