import * as tf from './tf';

it('starts on cpu, with gradients and without a greeting', () => {
  const warn = jest.spyOn(console, 'warn').mockImplementation();
  expect(
    tf
      .grad((x) => tf.square(x))(tf.scalar(3))
      .dataSync()[0],
  ).toBe(6);
  expect(tf.getBackend()).toBe('cpu');
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
});
