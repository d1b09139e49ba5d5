import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { hasPython, inClosedTerminal, intoFullDisk, intoHead, MiniatureProject, resultsOf } from '@tass/testing';
import { runsOfCells } from './fixtures/runs-of-cells';

const project = new MiniatureProject();
afterAll(() => project.remove());

let uninterrupted: Record<string, unknown>;
beforeAll(async () => {
  uninterrupted = resultsOf(await project.trained(['--exp=miniature']));
});

const terminal = { TERM: 'xterm', CI: '' };
const oneCell = ['--only=seed=1', '--only=loss.synchrony=1'];
const filesOfSweeps = () => {
  const folder = join(project.runs, '.sweeps/miniature-grid');
  return readdirSync(folder).flatMap((id) => readdirSync(join(folder, id)));
};

it.each([
  ['a pipe whose reader has ended', intoHead(3)],
  ['a full disk', intoFullDisk],
])('training into %s gives the files of one that is read, and no lock is left', async (_, around) => {
  const { code } = await project.train(['--exp=miniature'], { around });
  expect(code).toBe(0);
  expect(resultsOf(project.runsOf()[0])).toEqual(uninterrupted);
});

it('a sweep into a pipe whose reader has ended computes its cells', async () => {
  const { code } = await project.sweep(['--exp=miniature-grid', ...oneCell], { around: intoHead(3) });
  expect(code).toBe(0);
  expect(runsOfCells(project.runs)['synchrony=1 seed=1']).toHaveLength(1);
  expect(filesOfSweeps()).not.toContain('sweep.lock');
});

(hasPython ? describe : describe.skip)('a terminal that is closed (needs python3)', () => {
  it('stops a training, which saves and can be resumed', async () => {
    const { code } = await project.train(['--exp=miniature'], { around: inClosedTerminal('run: '), environment: terminal });
    const [run] = project.runsOf();
    expect([code, readdirSync(run).filter((file) => file.endsWith('.lock'))]).toEqual([130, []]);
    expect(await project.trained(['--exp=miniature', '--resume'])).toBe(run);
    expect(resultsOf(run)).toEqual(uninterrupted);
  });

  it('stops a sweep and its cells, and it can be resumed', async () => {
    const words = ['--exp=miniature-grid', '--only=seed=2', '--only=loss.synchrony=0'];
    const { code } = await project.sweep(words, { around: inClosedTerminal('1 running'), environment: terminal });
    expect(code).toBe(130);
    expect(filesOfSweeps()).not.toContain('sweep.lock');
    const resumed = await project.sweep(['--exp=miniature-grid', '--resume', ...words.slice(1)]);
    expect([resumed.code, resumed.errors]).toEqual([0, expect.stringContaining('all done')]);
  });
});
