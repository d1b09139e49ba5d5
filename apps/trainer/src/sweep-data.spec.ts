import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { MiniatureProject } from '@tass/testing';

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
