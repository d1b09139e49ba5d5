import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { MiniatureProject } from '@tass/testing';

const project = new MiniatureProject();
afterAll(() => project.remove());

const listed = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};
const runsOfSeed = (seed: number): string[] =>
  listed(join(project.runs, 'miniature')).filter((id) => id.includes(`-seed${seed}-`)).map((id) => join(project.runs, 'miniature', id)); // prettier-ignore
/** Without its check value, which was of the other host. */
const asOfNode5 = (file: string): void => writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), host: 'node5', seal: undefined })); // prettier-ignore

/** Kills the sweep and the worker of its first cell once that has saved. */
function killOnceSaved(): (text: string, program: ChildProcess) => void {
  let timer: NodeJS.Timeout | undefined;
  return (text, program) => {
    const worker = /started .*\(process (\d+)\)/.exec(text)?.[1];
    if (worker === undefined || timer) return;
    timer = setInterval(() => {
      if (!runsOfSeed(1).some((run) => listed(join(run, 'checkpoints')).includes('last.safetensors'))) return;
      clearInterval(timer);
      program.kill('SIGKILL');
      process.kill(Number(worker), 'SIGKILL');
    }, 20);
  };
}

it('goes on with the run of a machine that went down, whose lock stays; a run of something else is not taken for its own', async () => {
  const finished = await project.trained(['--exp=miniature', 'seed=2', 'epochs=1']); // makes the data too
  await project.sweep(['--exp=miniature', 'seed=1,2', 'epochs=3', '--jobs=1'], { onError: killOnceSaved() });
  const [run] = runsOfSeed(1);
  const [id] = listed(join(project.runs, '.sweeps/miniature'));
  const { cells } = JSON.parse(readFileSync(join(project.runs, '.sweeps/miniature', id, 'sweep.json'), 'utf8'));
  const [first, second] = cells.map(({ address }: { address: string }) => join(project.runs, '.cells', address, 'attempts/0001'));
  for (const file of [join(first, 'claim.json'), join(run, 'run.lock')]) asOfNode5(file);
  writeFileSync(join(first, 'end.json'), JSON.stringify({ state: 'preempted', code: null, step: null, message: 'NODE_FAIL', at: '' }));
  cpSync(first, second, { recursive: true });
  writeFileSync(join(second, 'run.json'), JSON.stringify({ run: relative(project.runs, finished) }));

  const { code, errors } = await project.sweep([`--resume=${id}`]);
  expect([code, errors]).toEqual([0, expect.stringContaining('all done')]);
  expect(runsOfSeed(1)).toEqual([run]);
  expect(runsOfSeed(2)).toHaveLength(2);
});
