import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { projectSettings } from '@tass/config';
import { createSweep } from '@tass/sweep';
import { createRun } from '@tass/tracking';
import { parseTrain } from './command-line';
import { runToResume } from './run-to-resume';

const root = mkdtempSync(join(tmpdir(), 'tass-run-to-resume-'));
afterAll(() => rmSync(root, { recursive: true }));

it('prints commands that a shell reads, whatever the experiment is called', () => {
  const settings = { ...projectSettings(root, {}), runs: join(root, 'runs') };
  const resumed = () => runToResume(parseTrain(['--exp=größe 2', '--resume']), settings).folder;
  expect(resumed).toThrow(/Start one: npx nx run trainer:train '--exp=größe 2'$/);

  const [first, second] = [1, 2].map((seed) => {
    const run = createRun({
      ...{ runsRoot: settings.runs, experiment: 'größe 2', config: {}, seed, overrides: [], project: root },
      ...{ engine: { backend: 'cpu', threads: 1 }, features: {}, datasets: {} },
    });
    run.close();
    return run.folder;
  });
  let said = '';
  const write = jest.spyOn(process.stderr, 'write').mockImplementation((text) => ((said += text), true));
  const taken = resumed();
  write.mockRestore();
  const other = taken === first ? second : first;
  expect(said).toContain(`\n  '--resume=größe 2/${basename(other)}' (0 epochs done)\n`);
});

describe('of a sweep', () => {
  const settings = { ...projectSettings(root, {}), runs: join(root, 'of-sweeps') };
  const address = 'ab'.repeat(16);
  const begun = createSweep(settings.runs, {
    ...{ experiment: 'grids/mine', grid: null, launcher: 'here' },
    cells: [{ address, name: 'miniature seed=1', overrides: [], seed: 1 }],
  });
  const command = `npx nx run trainer:sweep --resume=${begun.id}`;
  const resume = (...words: string[]) => runToResume(parseTrain(words), settings);

  it.each<[string, string]>([
    ['its id', begun.id],
    ['the beginning of its id', begun.id.slice(0, -2)],
    ['its folder', begun.folder],
    ['its grid', 'grids/mine'],
    ['the folder of a cell', join(settings.runs, '.cells', address)],
  ])('%s is refused, with the command that resumes the sweep', (_, word) => {
    expect(() => resume(`--resume=${word}`)).toThrow(
      `${word} names no run; it belongs to the sweep ${begun.id} of grids/mine. To resume it: ${command}`,
    );
  });

  it('an experiment without a run is refused, with the command that resumes its sweep', () => {
    expect(() => resume('--exp=grids/mine', '--resume')).toThrow(`There is an unfinished sweep, ${begun.id}. To resume it: ${command}`);
    expect(() => resume('--exp=other', '--resume')).toThrow('Start one: npx nx run trainer:train --exp=other');
  });

  it('the run of a cell is resumed, with the command that resumes all cells', () => {
    const run = createRun({
      ...{ runsRoot: settings.runs, experiment: 'miniature', config: {}, seed: 1, overrides: [], project: root },
      ...{ engine: { backend: 'cpu', threads: 1 }, features: {}, datasets: {}, cell: address },
      sweep: { id: begun.id, experiment: 'grids/mine', folder: `.sweeps/grids/mine/${begun.id}` },
    });
    run.close();
    const { id } = run.manifest;
    let said = '';
    const write = jest.spyOn(process.stderr, 'write').mockImplementation((text) => ((said += text), true));
    for (const words of [[`--resume=${id}`], ['--exp=miniature', '--resume']]) expect(resume(...words).folder).toBe(run.folder);
    write.mockRestore();
    expect(said).toBe(`the run ${id} is a cell of the sweep ${begun.id}. ${command} resumes all its cells\n`.repeat(2));
  });

  it('a word that fits several runs is refused with the runs, though it fits the sweep too', () => {
    for (const seed of [1, 2])
      createRun({
        ...{ runsRoot: settings.runs, experiment: 'several', config: {}, seed, overrides: [], project: root },
        ...{ engine: { backend: 'cpu', threads: 1 }, features: {}, datasets: {} },
      }).close();
    expect(() => resume(`--resume=${begun.id.slice(0, 2)}`)).toThrow(/^\d runs in .* fit 20: /);
  });
});
