import { batchesOf, keyOf, param, tag } from './limits';

it('leaves names as they are that MLflow takes', () => {
  for (const name of ['val/accuracy/Audio-Visual Avg', 'model.jtg.stream', 'a:b', 'ä/日本', 'a..b', 'x'.repeat(250)])
    expect(keyOf(name)).toBe(name);
});

it('writes other names so that two stay two', () => {
  const names = [
    'a=b',
    'a,b',
    'a_b',
    '/a',
    'a//b',
    'a/../b',
    'a/./b',
    './a',
    'a/',
    '',
    '.',
    '..',
    'a\n',
    '😀',
    'x'.repeat(251),
    `${'x'.repeat(250)}y`,
  ];
  const keys = names.map(keyOf);
  expect(new Set(keys).size).toBe(names.length);
  for (const key of keys) {
    expect(key).toMatch(/^[\p{L}\p{Nd}_\-. :/]{1,250}$/u);
    expect(key.split('/')).not.toContain('');
    expect(key.split('/').some((part) => part === '.' || part === '..')).toBe(false);
  }
  expect(keyOf('a=b')).toMatch(/^a_b-[0-9a-f]{8}$/);
});

it('says at the end of a long value how long it was, and cuts between characters', () => {
  expect(param('a', 'x'.repeat(6000)).value).toHaveLength(6000);
  const { value } = param('a', `${'x'.repeat(5978)}😀${'y'.repeat(200)}`);
  expect(value.length).toBeLessThanOrEqual(6000);
  expect(value).toMatch(/^x{5978}\.\.\. \(6180 characters\)$/); // the mark is 21 characters long: half of the smile would stay
  expect(tag('a', 'x'.repeat(9000)).value).toHaveLength(8000);
});

describe('batchesOf', () => {
  const record = (step: number, count: number) => ({
    ...{ step, epoch: 1, time: 100 + step },
    values: Object.fromEntries(Array.from({ length: count }, (_, index) => [`m${index}`, index])),
  });
  const shape = (counts: readonly number[]) =>
    batchesOf(counts.map((count, step) => record(step, count))).map(({ points, records }) => [points.length, records]);

  it('keeps records whole while they fit', () => {
    expect(shape([400, 600, 1])).toEqual([[1000, 2], [1, 1]]); // prettier-ignore
    expect(shape([999, 2, 0])).toEqual([[999, 1], [2, 2]]); // prettier-ignore
    expect(shape([])).toEqual([]);
    expect(shape([0])).toEqual([[0, 1]]);
  });

  it('counts a record that is larger than a request with its last piece', () => {
    expect(shape([3, 2500, 5])).toEqual([[3, 1], [1000, 0], [1000, 0], [505, 2]]); // prettier-ignore
  });

  it('writes what is no finite number as text', () => {
    const [{ points }] = batchesOf([{ step: 1, epoch: 1, time: 5, values: { a: NaN, b: Infinity, c: -Infinity, d: -0 } }]);
    expect(points.map(({ value }) => value)).toEqual(['NaN', 'Infinity', '-Infinity', -0]);
  });
});
