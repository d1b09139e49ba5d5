import { join } from 'node:path';
import { readAnnotations } from './index';
import * as release from './release';

jest.mock('./release', () => {
  const actual = jest.requireActual<typeof release>('./release');
  return { ...actual, recogniseRelease: jest.fn(actual.recogniseRelease) };
});

const small = join(__dirname, '../fixtures/avqa-val.json');

it.each([
  ['dfb9233f598bb27ce6d2783ca377131a6ae2be2c', { kind: 'official', name: 'json_update/avqa-train.json', split: 'train' }],
  ['d1da1c6da7ea5a523b93d0dc73444f3b69967528', { kind: 'older', name: 'json/avqa-train.json', split: 'train' }],
  ['96c434d376af93f317e4604a04db587d4422ab10', { kind: 'synthetic', name: 'json/avqa-train_fake.json', split: 'train_fake' }],
  ['5b5ef1934f4f538a2ea15aa853ba34bfe52ff29a', { kind: 'v2.0', name: 'MUSIC-AVQA v2.0, train_balance.json', split: 'train_balance' }],
  ['22b37bf43d6deee82e517efc6945e1a3e28fc6f6', { kind: 'v2.0', name: 'MUSIC-AVQA v2.0, bias_train.json', split: 'bias_train' }],
  ['387be11900000000000000000000000000000000', { kind: 'R', name: 'MUSIC-AVQA-R, avqa-test-head.json', split: 'head' }],
  ['33e7907a00000000000000000000000000000000', { kind: 'R', name: 'MUSIC-AVQA-R, avqa-test-tail.json', split: 'tail' }],
  ['2e67fddad4c7c864267c6a7cb44b3fa22d98f48b', { kind: 'older', name: 'json/avqa-test_fake.json', split: 'test_fake' }],
])('git blob %s is %j', (gitBlob, expected) => {
  expect(release.recogniseRelease('/anywhere/avqa-val.json', gitBlob)).toEqual(expected);
});

it('reads the split off a file name', () => {
  const names = ['/data/avqa-val.json', 'avqa-train_fake.json.gz', 'avqa-val.json.bak', 'my-avqa-val.json', 'questions.json'];
  expect(names.map(release.splitOfName)).toEqual(['val', 'train_fake', undefined, undefined, undefined]);
});

describe('a known file', () => {
  const recognisedAs = (known: release.Release) => jest.mocked(release.recogniseRelease).mockReturnValue(known);

  it('of the older release is refused', () => {
    recognisedAs({ kind: 'older', name: 'json/avqa-val.json', split: 'val' });
    expect(() => readAnnotations(small, { split: 'val' })).toThrow(
      `${small}: is json/avqa-val.json of the older release, which has contradictory duplicates. Take the file of the same name from json_update`,
    );
  });

  it('is refused as another split, and a part of a split is taken for it', () => {
    recognisedAs({ kind: 'official', name: 'json_update/avqa-val_real.json', split: 'val_real' });
    expect(readAnnotations(small, { split: 'val' }).release.name).toBe('json_update/avqa-val_real.json');
    expect(() => readAnnotations(small, { split: 'test' })).toThrow(
      'is json_update/avqa-val_real.json but would be used as test. Put the file of that split there',
    );
    recognisedAs({ kind: 'official', name: 'json_update/avqa-train.json', split: 'train' });
    expect(() => readAnnotations(small, { split: 'train_fake' })).toThrow('would be used as train_fake');
  });
});
