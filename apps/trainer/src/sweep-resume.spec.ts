import { SweepError, type Sweep } from '@tass/sweep';
import { parseSweep } from './command-line';
import { requestOf } from './sweep-resume';

const sweepOf = (grid: unknown): Sweep => ({ id: 'x', experiment: 'e', createdAt: '', grid, cells: [], launcher: 'local', folder: '/x' });
const command = parseSweep(['--resume=x', '--jobs=3']);

it('goes on with what the sweep was asked for, on the launcher of now', () => {
  const request = requestOf(sweepOf({ experiment: 'e', overrides: ['epochs=2'] }), command);
  expect(request).toEqual({ experiment: 'e', overrides: ['epochs=2', 'launcher.jobs=3'] });
});

it.each([null, 3, {}, { experiment: 'e' }, { experiment: 7, overrides: [] }, { experiment: 'e', overrides: [1] }])(
  'refuses a sweep.json that asks for %j',
  (grid) => {
    expect(() => requestOf(sweepOf(grid), command)).toThrow(
      new SweepError('/x/sweep.json does not say what was asked for. Delete its folder and start the sweep again'),
    );
  },
);
