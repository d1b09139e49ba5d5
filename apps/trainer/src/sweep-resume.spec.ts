import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectSettings } from '@tass/config';
import { createSweep, SweepError, type Sweep } from '@tass/sweep';
import { parseSweep } from './command-line';
import { requestOf, sweepToResume } from './sweep-resume';

const sweepOf = (grid: unknown): Sweep => ({
  id: 'x',
  experiment: 'e',
  createdAt: '',
  grid,
  cells: [],
  launcher: 'local',
  folder: '/x',
  isChecked: true,
});
const experiments = mkdtempSync(join(tmpdir(), 'tass-sweep-resume-'));
afterAll(() => rmSync(experiments, { recursive: true }));
const settings = { ...projectSettings(), experiments };
const command = parseSweep(['--resume=x', '--jobs=3']);

it('goes on with what the sweep was asked for, on the launcher of now', () => {
  const request = requestOf(sweepOf({ experiment: 'e', overrides: ['epochs=2'] }), command, settings);
  expect(request).toEqual({ experiment: 'e', overrides: ['epochs=2', 'launcher.jobs=3'] });
});

it('finds a grid that was renamed, and one of your own that has its former name', () => {
  const begun = sweepOf({ experiment: 'worth', overrides: [] });
  expect(requestOf(begun, command, settings).experiment).toBe('module-ablation');
  writeFileSync(join(experiments, 'worth.yaml'), 'sweep: {}');
  expect(requestOf(begun, command, settings).experiment).toBe('worth');
});

it.each([null, 3, {}, { experiment: 'e' }, { experiment: 7, overrides: [] }, { experiment: 'e', overrides: [1] }])(
  'refuses a sweep.json that asks for %j',
  (grid) => {
    expect(() => requestOf(sweepOf(grid), command, settings)).toThrow(
      new SweepError('/x/sweep.json does not record what was requested. Delete its folder and start the sweep again'),
    );
  },
);

it('takes the newest of several sweeps with cells to do, and names the others', () => {
  const runs = join(experiments, 'runs');
  const begin = () => createSweep(runs, { experiment: 'e', grid: null, cells: ['a', 'b'].map((name) => ({ address: 'a'.repeat(32), name, overrides: [], seed: 1 })), launcher: 'here' }); // prettier-ignore
  const resumed = () => sweepToResume(parseSweep(['--exp=e', '--resume']), { ...settings, runs }).id;
  let said = '';
  const write = jest.spyOn(process.stderr, 'write').mockImplementation((text) => ((said += text), true));
  const first = begin();
  expect([resumed(), said]).toEqual([first.id, '']);
  const [other, newest] = [first, begin()].map(({ id }) => id).sort();
  expect(resumed()).toBe(newest);
  write.mockRestore();
  expect(said).toBe(
    `2 sweeps of e are unfinished. Resuming ${newest} (0 of 1 cells done), which started last by the clock of its machine. The others:\n  --resume=${other} (0 of 1 cells done)\n`,
  );
});
