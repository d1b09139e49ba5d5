import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectSettings } from '@tass/config';
import { SweepError, type Sweep } from '@tass/sweep';
import { parseSweep } from './command-line';
import { requestOf } from './sweep-resume';

const sweepOf = (grid: unknown): Sweep => ({ id: 'x', experiment: 'e', createdAt: '', grid, cells: [], launcher: 'local', folder: '/x' });
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
      new SweepError('/x/sweep.json does not say what was asked for. Delete its folder and start the sweep again'),
    );
  },
);
