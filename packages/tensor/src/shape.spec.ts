import { ShapeError, expectShape } from './shape';
import * as tf from './tf';

const inputs = () => ({ regions: tf.zeros([2, 3, 5, 4]), target: tf.zeros([2, 4]) });
const patterns = { regions: 'videos time regions joint', target: 'videos joint' };

it('returns the size of every axis', () => {
  expect(expectShape('Grounding', inputs(), patterns)).toEqual({ videos: 2, time: 3, regions: 5, joint: 4 });
});

it('names the module, the tensor, its shape, and what the others ask for', () => {
  const check = () => expectShape('Grounding', { ...inputs(), target: tf.zeros([2, 7]) }, patterns);
  expect(check).toThrow(ShapeError);
  expect(check).toThrow('Grounding: target has shape [2, 7], expected [videos=2, joint=4]');
});

it('checks the number of axes, fixed sizes and sizes known beforehand', () => {
  expect(() => expectShape('Linear', { x: tf.zeros([2, 3]) }, { x: 'batch time dim' })).toThrow(
    'x has shape [2, 3], expected [batch, time, dim]',
  );
  expect(() => expectShape('Rgb', { x: tf.zeros([2, 4]) }, { x: 'pixels 3' })).toThrow('x has shape [2, 4], expected [pixels, 3]');
  expect(() => expectShape('Linear', { x: tf.zeros([2, 3]) }, { x: 'batch dim' }, { dim: 8 })).toThrow('expected [batch, dim=8]');
});

it('passes over tensors without a pattern', () => {
  expect(expectShape('Grounding', { ...inputs(), other: tf.zeros([9]) }, { target: 'videos joint' } as never)).toEqual({
    videos: 2,
    joint: 4,
  });
});
