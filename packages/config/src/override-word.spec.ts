import { overrideValue } from './override-value';
import { overrideWord } from './override-word';

it.each<[unknown, string]>([
  ['tass', 'k=tass'],
  ['a/b-c.d', 'k=a/b-c.d'],
  ['/data/music-avqa', 'k=/data/music-avqa'],
  ['', 'k=""'],
  ['3', 'k="3"'],
  ['null', 'k="null"'],
  ['True', 'k="True"'],
  ['~', 'k="~"'],
  ['a, b', 'k="a, b"'],
  ['a: b # c', 'k="a: b # c"'],
  ['"\n\u2028ü', 'k="\\"\\n\u2028ü"'],
  [null, 'k=null'],
  [false, 'k=false'],
  [1e-4, 'k=0.0001'],
  [1e21, 'k=1e+21'],
  [-Infinity, 'k=-.inf'],
  [[1, 'x', ['3']], 'k=[1, x, ["3"]]'],
  [{ a: 1, 'b c': { d: [] }, e: {} }, 'k={a: 1, "b c": {d: []}, e: {}}'],
])('writes %j as a word that is read back as the same value', (value, word) => {
  expect(overrideWord('k', value)).toBe(word);
  expect(overrideValue(word.slice(2), 'spec')).toEqual(value);
});
