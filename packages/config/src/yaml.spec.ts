import { parse } from 'yaml';
import { toYaml } from './yaml';

it('writes a configuration that reads back as the same values', () => {
  const shared = { dim: 64 };
  const config = {
    seed: 1,
    rate: 2e-4,
    text: '1e-4',
    off: 'off',
    yes: true,
    none: null,
    list: [1, 'a,b', '???'],
    a: shared,
    b: shared,
    long: 'x '.repeat(100),
  };
  const text = toYaml(config);
  expect(parse(text)).toEqual(config);
  expect(text).not.toContain('&'); // no anchors: each key shows its value
});
