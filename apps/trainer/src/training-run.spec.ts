import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { projectSettings } from '@tass/config';
import { runFiles } from '@tass/experiment';
import { MiniatureProject } from '@tass/testing';
import { findRun, openRun } from '@tass/tracking';
import { experimentOf } from './begun-run';
import { openTraining, prepareTraining, trainAndReport, type Prepared } from './training-run';

const project = new MiniatureProject();
afterAll(() => project.remove());

it('measures no attention of another video where there is no other video', async () => {
  const folder = await project.trained(['--exp=miniature', 'epochs=1', 'dataset.root=alone', 'dataset.videos.test=1']);
  const { interventions } = JSON.parse(readFileSync(runFiles.use(folder, 'test'), 'utf8'));
  expect(Object.keys(interventions)).toEqual(['uniform-attention', 'uniform-map']);
  expect(readFileSync(join(folder, 'report.md'), 'utf8')).toMatch(
    /^attention of another video: not measured, as (\d+) of \1 questions have no other video in their batch$/m,
  );
});

it('reports a finished training whose grounding, or its use, cannot be measured', async () => {
  const folder = await project.trained(['--exp=miniature', 'epochs=1']);
  const settings = projectSettings(project.folder, {});
  const begun = findRun(settings.runs, folder);
  const before = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
  for (const file of [join(folder, 'report.json'), runFiles.grounding(folder, 'test'), runFiles.use(folder, 'test')]) rmSync(file);
  const prepared = await prepareTraining(experimentOf(begun), settings, begun);
  const { network } = prepared;
  const failing: Prepared['network'] = {
    ...network,
    forward(parameters, batch, options) {
      if (options?.intervention) throw new Error(`no ${options.intervention} here\nmore lines`);
      if (options?.maps) throw new Error('no maps here');
      return network.forward(parameters, batch, options);
    },
  };
  const said = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const printed = jest.spyOn(console, 'log').mockReturnValue();
  const run = openRun(folder);
  let lines: string;
  try {
    const end = await trainAndReport(openTraining({ ...prepared, network: failing }, run), { stopRequested: () => false, committed: () => {} }); // prettier-ignore
    expect(end.finished).toBe(true);
  } finally {
    run.close();
    lines = said.mock.calls.map(([text]) => String(text)).join('');
    for (const spy of [said, printed]) spy.mockRestore();
  }
  expect(lines).toContain('\ngrounding is not measured: no maps here\n');
  expect(lines).toContain('\nuse of the grounding is not measured: no uniform-attention here\n');
  const { use, files, seal, ...scored } = before;
  expect(use).toBeDefined();
  expect(seal).toBeDefined();
  expect(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))).toEqual({
    ...scored,
    files: { ...files, 'report.md': expect.not.stringMatching(files['report.md']) }, // which has no grounding
    seal: expect.any(String),
  });
});
