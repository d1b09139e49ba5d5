import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { MiniatureProject, type EndedProgram } from '@tass/testing';

let project: MiniatureProject;
beforeEach(() => (project = new MiniatureProject()));
afterEach(() => project.remove());

const foldersOfSweeps = (): string[] => readdirSync(join(project.runs, '.sweeps'));

it.each<[string, NodeJS.Signals[]]>([
  ['SIGTERM', ['SIGTERM']],
  ['SIGINT and SIGTERM at once', ['SIGINT', 'SIGTERM']],
])('%s while the data is made ends the sweep as stopped, and its job with it', async (_, signals) => {
  let isSent = false;
  const onError = (text: string, program: ChildProcess): void => {
    if (isSent || !/data: made by a job/.test(text)) return;
    isSent = true;
    setTimeout(() => signals.forEach((signal) => program.kill(signal)), 300);
  };
  const { code, errors } = await project.sweep(['--exp=miniature-grid'], { onError });
  expect([code, errors]).toEqual([130, expect.stringMatching(new RegExp(`(${signals.join('|')}): stopping the job .*\nstopped while the data was made; .*To resume:`))]); // prettier-ignore
  expect(errors).not.toMatch(/could not be made|is killed/);
  expect(foldersOfSweeps()).toEqual([]);
});

it('--status while the data is made names the job that makes it, with its log', async () => {
  const statuses: Promise<EndedProgram>[] = [];
  const onError = (text: string, program: ChildProcess): void => {
    if (statuses.length > 0 || !/data: made by a job/.test(text)) return;
    const asked = [['--status'], ['--exp=miniature-grid', '--status'], ['--exp=miniature', '--status']];
    statuses.push(...asked.map((words) => project.sweep(words)));
    void Promise.all(statuses).then(() => program.kill('SIGKILL'));
    program.kill('SIGSTOP'); // its job goes on, and the sweep waits
  };
  const sweep = await project.sweep(['--exp=miniature-grid'], { onError });
  expect(sweep.signal).toBe('SIGKILL');
  const [any, ofGrid, ofOther] = await Promise.all(statuses);
  const [folder] = foldersOfSweeps();
  for (const { code, output } of [any, ofGrid]) {
    expect(code).toBe(1);
    expect(output).toMatch(/^a sweep of miniature-grid \(process \d+\) makes its data; it has no cells before\n/);
    expect(output).toContain(`  its log: ${join(project.runs, '.sweeps', folder, '1.log')}\n`);
  }
  expect([ofOther.code, ofOther.errors]).toEqual([1, expect.stringContaining('there is no sweep of miniature yet')]);
  const later = await project.sweep(['--status']);
  expect([later.code, later.errors]).toEqual([1, expect.stringContaining('there is no sweep yet')]);
});

it('data that cannot be made: the words of its job, whose log stays, and exit code 1', async () => {
  mkdirSync(project.world);
  writeFileSync(join(project.world, 'strange'), '');
  const { code, errors } = await project.sweep(['--exp=miniature-grid']);
  const [folder] = foldersOfSweeps();
  expect(code).toBe(1);
  expect(errors).toContain(`data: made by a job on this machine`);
  expect(errors).toContain(
    `trainer: the data could not be made (exit code 1):\n  trainer: ${project.world} holds strange and no world.json.`,
  );
  expect(errors).toContain(`Its whole log: ${join(project.runs, '.sweeps', folder, '1.log')}`);
});
