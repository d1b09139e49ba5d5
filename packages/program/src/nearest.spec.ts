import { nearest } from './nearest';

it.each([
  ['treshold', ['dim', 'threshold'], 'threshold'],
  ['haeds', ['heads', 'hands'], 'heads'], // two letters swapped are one mistake
  ['DIM', ['dim'], 'dim'],
  ['x', ['y', 'abc'], 'y'],
  ['learning', ['seed', 'epochs'], undefined],
  ['seed', [], undefined],
])('%s among %j', (given, candidates, expected) => expect(nearest(given, candidates)).toBe(expected));
