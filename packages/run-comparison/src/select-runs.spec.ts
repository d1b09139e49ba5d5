import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createSweep, listSweeps } from '@tass/sweep';
import { createRun } from '@tass/tracking';
import { ComparisonError } from './comparison-error';
import { selectRuns } from './select-runs';

let runs: string;
beforeEach(() => (runs = mkdtempSync(join(tmpdir(), 'tass-select-runs-'))));
afterEach(() => rmSync(runs, { recursive: true }));

const cell = '0123456789abcdef'.repeat(2);
function run(experiment: string): string {
  const made = createRun({ runsRoot: runs, experiment, config: {}, project: runs, seed: 1, overrides: [], datasets: {}, engine: { backend: 'cpu', library: 'JavaScript' }, features: {}, cell }); // prettier-ignore
  made.writeReport({ json: {}, markdown: '' });
  made.close();
  return basename(made.folder);
}
const idsOf = (selected: ReturnType<typeof selectRuns>): string[] => selected.records.map(({ manifest }) => manifest.id);

it('takes runs and sweeps from before their experiment was renamed', () => {
  const before = run('mini-avqa');
  run('quickstart');
  expect(idsOf(selectRuns(runs, { experiments: ['tass-small'] }))).toEqual([before]);
  createSweep(runs, { experiment: 'worth', grid: null, cells: [{ address: cell, name: 'a', overrides: [], seed: 1 }], launcher: 'here' });
  expect(idsOf(selectRuns(runs, { sweep: 'module-ablation' }))).toContain(before);
});

it('says which of a grid and an experiment was meant', () => {
  run('quickstart');
  createSweep(runs, {
    experiment: 'ablations',
    grid: null,
    cells: [{ address: cell, name: 'a', overrides: [], seed: 1 }],
    launcher: 'here',
  });
  expect(() => selectRuns(runs, { experiments: ['ablations'] })).toThrow(
    new ComparisonError(
      `there is no run of ablations in ${runs}: it is a grid, whose runs belong to its experiments. Write --sweep=ablations`,
    ),
  );
  expect(() => selectRuns(runs, { sweep: 'quickstart' })).toThrow(
    new ComparisonError('there is no sweep quickstart; there are runs of the experiment quickstart. Write --exp=quickstart'),
  );
  const [{ id }] = listSweeps(runs);
  const select = (wanted: Parameters<typeof selectRuns>[1]) => () => selectRuns(runs, wanted);
  expect(select({ experiments: [id] })).toThrow(`there is no run of ${id} in ${runs}. There are runs of quickstart. Write --sweep=${id}`);
  expect(select({ experiments: ['ablation'] })).toThrow('Did you mean --sweep=ablations?');
  expect(select({ named: [id] })).toThrow(`Write --sweep=${id}`);
  expect(select({ sweep: 'abaltions' })).toThrow(`there is no sweep abaltions. Newest: ${id} (ablations). Did you mean ablations?`);
});

it('takes a run that was moved to another disk and linked; where the link leads nowhere, says so', () => {
  const [here, away] = [run('quickstart'), run('quickstart')];
  const [folder, disk] = [join(runs, 'quickstart', away), join(runs, '.disk')];
  mkdirSync(disk);
  renameSync(folder, join(disk, away));
  symlinkSync(join(disk, away), folder);
  expect(idsOf(selectRuns(runs, { experiments: ['quickstart'] })).sort()).toEqual([here, away].sort());
  rmSync(disk, { recursive: true });
  const { records, leftOut } = selectRuns(runs, { experiments: ['quickstart'] });
  expect([records.map(({ manifest }) => manifest.id), leftOut]).toEqual([
    [here],
    [{ run: away, reason: `${away} is a link to ${join(disk, away)}, which is not there` }],
  ]);
});
