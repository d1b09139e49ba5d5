import { nearest } from './nearest';

it.each([
  ['celo', 'cello'],
  ['Cello', 'cello'],
  ['acoustic guitar', 'acoustic_guitar'],
  ['accustic_guitr', 'acoustic_guitar'],
])('of %s is %s', (given, expected) => {
  expect(nearest(given, ['no', 'cello', 'acoustic_guitar', 'one'])).toBe(expected);
});

it('is nothing where too much would change, or nothing is known', () => {
  expect(nearest('theremin', ['cello', 'no'])).toBeUndefined();
  expect(nearest('on', ['no'])).toBeUndefined(); // two edits, one allowed
  expect(nearest('cello', [])).toBeUndefined();
});
