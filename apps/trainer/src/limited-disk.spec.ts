import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasGcc, limitedDisk, MiniatureProject, resultsOf } from '@tass/testing';

const project = new MiniatureProject();
const tools = mkdtempSync(join(tmpdir(), 'tass-limited-disk-'));
afterAll(() => {
  project.remove();
  rmSync(tools, { recursive: true });
});

const ifGcc = hasGcc() ? it : it.skip;
ifGcc('a disk without hard links and fsync of folders holds world, features, runs and sweeps, also over a kill (needs gcc)', async () => {
  const disk = limitedDisk(tools, { link: 'EPERM', folderSync: 'EINVAL' });
  const killed = await project.train(['--exp=miniature'], {
    preload: [join(__dirname, 'fixtures/interrupt.cjs')],
    environment: { ...disk, INTERRUPT_STEP: '3', INTERRUPT_SIGNAL: 'SIGKILL' },
  });
  const [run] = project.runsOf();
  expect([killed.signal, readdirSync(run)]).toEqual(['SIGKILL', expect.arrayContaining(['run.lock'])]);
  expect(await project.trained(['--exp=miniature', '--resume'], { environment: disk })).toBe(run);
  expect(readdirSync(run)).not.toContain('run.lock');
  expect(resultsOf(run)).toEqual(resultsOf(await project.trained(['--exp=miniature'])));

  const { code, errors } = await project.sweep(['--exp=miniature', 'seed=1,2', 'epochs=1'], { environment: disk });
  expect([code, errors]).toEqual([0, expect.stringContaining('all done')]);
});
