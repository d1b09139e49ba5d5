import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Job } from './launcher';
import { LocalLauncher } from './local-launcher';
import { runJobs } from './run-jobs';

const folder = mkdtempSync(join(tmpdir(), 'tass-jobs-'));
afterAll(() => rmSync(folder, { recursive: true }));

const main = join(folder, 'main.cjs');
writeFileSync(main, 'console.log("first\\nlast of", ...process.argv.slice(2)); process.exit(Number(process.argv[2]))');
const jobsOf = (codes: readonly number[]): Job[] =>
  codes.map((code, at) => ({ id: `job-${at}`, name: `${at}`, main, words: [`${code}`], folder, log: join(folder, `${at}.log`) }));

it('counts the jobs that succeeded, and gives the others with the end of their logs', async () => {
  const jobs = jobsOf([0, 3, 0, 4]);
  const done: number[] = [];
  const failed = await runJobs(new LocalLauncher({ jobs: 1 }), jobs, (count) => done.push(count));
  expect(done).toEqual([1, 1, 2, 2]);
  expect(failed).toEqual([
    { job: jobs[1], how: 'exit code 3', said: `\n  first\n  last of 3\nIts whole log: ${jobs[1].log}` },
    { job: jobs[3], how: 'exit code 4', said: `\n  first\n  last of 4\nIts whole log: ${jobs[3].log}` },
  ]);
});

it('a job that was taken back before it began is no success', async () => {
  const launcher = new LocalLauncher({ jobs: 1 });
  const done: number[] = [];
  const failed = runJobs(launcher, jobsOf([0, 0]), (count) => done.push(count));
  await launcher.stop();
  expect((await failed).map(({ how }) => how)).toEqual(['it had not begun', 'it had not begun']);
  expect(done).toEqual([0, 0]);
});

it('without jobs there is nothing to wait for', async () => {
  expect(await runJobs(new LocalLauncher({ jobs: 1 }), [])).toEqual([]);
});
