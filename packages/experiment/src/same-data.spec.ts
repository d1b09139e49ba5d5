import type { RunRecord } from '@tass/tracking';
import type { ExperimentData } from './data';
import { refuseOtherData } from './same-data';

const run = {
  folder: 'runs/x/1',
  manifest: { datasets: { train: 'aaaaaaaaaaaaaaaa', val: 'bbbb', test: 'cccc' }, features: { store: 'dddd' } },
} as unknown as RunRecord;
const data = (digests: Record<string, string>, features?: string) =>
  ({ digests, features: features && { digest: features } }) as unknown as ExperimentData;
const same = { train: 'aaaaaaaaaaaaaaaa', val: 'bbbb', test: 'cccc' };

it('lets the data pass that a run was begun with', () => {
  refuseOtherData(run, data(same, 'dddd'));
  refuseOtherData({ ...run, manifest: { ...run.manifest, features: {} } }, data(same));
});

it('names each part that is another one', () => {
  expect(() => refuseOtherData(run, data({ ...same, train: 'eeeeeeeeeeeeeeee' }, 'ffff'))).toThrow(
    'runs/x/1 was trained with other data: train (sha256 aaaaaaaaaaaa then, eeeeeeeeeeee now), features (sha256 dddd then, ffff now). ' +
      'Restore that data, or train a new run',
  );
  expect(() => refuseOtherData({ ...run, manifest: { ...run.manifest, features: {} } }, data(same, 'dddd'))).toThrow(
    'features (sha256 none then, dddd now)',
  );
});
