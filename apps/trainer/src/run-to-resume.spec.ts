import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { projectSettings } from '@tass/config';
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
