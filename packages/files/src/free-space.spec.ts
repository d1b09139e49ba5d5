import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectFreeSpace } from './free-space';

it('refuses what a disk has no room for, also for a folder that is not there yet', () => {
  const folder = join(tmpdir(), 'none/below');
  expect(() => expectFreeSpace('cannot make the world', folder, 1000)).not.toThrow();
  expect(() => expectFreeSpace('cannot make the world', folder, 1e18)).toThrow(
    /^cannot make the world: it takes about 1\.00e\+9 GB, and the disk of .*none.below has [\d.e+]+ GB free\. Free some space/,
  );
});
