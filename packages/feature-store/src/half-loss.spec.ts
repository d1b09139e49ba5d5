import { describeHalfLoss, findHalfLoss } from './half-loss';

const record = (value: (i: number) => number, length = 100) => Float64Array.from({ length }, (_, i) => value(i));

it('finds values of 1e-7, of which some become 0', () => {
  const loss = findHalfLoss(record((i) => (i + 1) * 1e-9))!; // 1e-9 to 1e-7
  expect(loss).toEqual({ zeroed: 29, greatest: expect.closeTo(1e-7, 12) }); // up to 2^-25, 2.98e-8
  expect(describeHalfLoss(loss, 100)).toBe(
    'its values are too small for float16, in which they are stored: 29 of 100 become 0, the greatest magnitude is 1.0e-7',
  );
});

it.each([
  [1e-6, true], // keeps 4 binary digits
  [1e-5, true],
  [1e-4, false],
  [1, false],
])('values of about %f lose digits: %s', (scale, isLost) => {
  expect(findHalfLoss(record((i) => scale * (1 + i / 97))) !== undefined).toBe(isLost);
});

it('finds values that float32 cannot hold either', () => {
  expect(findHalfLoss(record((i) => (i + 1) * 1e-302))).toMatchObject({ zeroed: 100 });
});

it('lets zeros and small values among greater ones be', () => {
  expect(findHalfLoss(record(() => 0))).toBeUndefined();
  expect(findHalfLoss(record((i) => (i % 4 === 0 ? 1 : 1e-9)))).toBeUndefined();
});
