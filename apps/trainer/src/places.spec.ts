import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { MiniatureProject } from '@tass/testing';

const project = new MiniatureProject();
afterAll(() => project.remove());

const below = join(project.folder, 'notes/deep');
mkdirSync(below, { recursive: true });

/** As a run that was killed before its last step: its test. */
const unfinish = (run: string) => rmSync(join(run, 'report.json'));

it('a relative path belongs to the settings, wherever the command is given; from there the run is resumed as well', async () => {
  const run = await project.trained(['--exp=miniature', 'dataset.root=world'], { folder: below });
  unfinish(run);
  expect(await project.trained([`--resume=${basename(run)}`], { folder: below })).toBe(run);
  unfinish(run);
  expect(await project.trained(['--exp=miniature', '--resume'], { folder: project.folder })).toBe(run);
  expect(readdirSync(below)).toEqual([]);
});

it('~ is the home folder', async () => {
  const run = await project.trained(['--exp=miniature', 'dataset.root=~/world'], { folder: below, environment: { HOME: project.folder } });
  expect(existsSync(join(run, 'report.json'))).toBe(true);
  expect([...readdirSync(below), ...readdirSync(project.folder)].filter((name) => name.startsWith('~'))).toEqual([]);
  const { code, errors } = await project.train(['--exp=miniature', 'dataset.root=~ada/world'], { folder: below });
  expect([code, errors]).toEqual([
    1,
    expect.stringContaining('trainer: dataset.root is ~ada/world: only your own home folder can be written as ~.'),
  ]);
});

it('of several unfinished runs --resume says which it takes, and names the others', async () => {
  const [newest, middle] = project.runsOf();
  const oldest = middle.replace(/(?<=\/)\d{4}(?=[^/]*$)/, '2001');
  cpSync(middle, oldest, { recursive: true });
  for (const run of [middle, oldest]) unfinish(run);
  rmSync(join(oldest, 'metrics.committed'));
  const future = join(project.runs, 'miniature', basename(middle).replace(/^\d{4}/, '2099')); // its machine's clock was wrong
  renameSync(middle, future);
  expect(existsSync(join(newest, 'report.json'))).toBe(true);

  const { code, errors } = await project.train(['--exp=miniature', '--resume']);
  expect(code).toBe(0);
  expect(errors).toContain(
    `2 runs of miniature are unfinished. Resuming miniature/${basename(future)} (2 epochs done), which started last by the clock of its machine. The others:\n` +
      `  --resume=miniature/${basename(oldest)} (0 epochs done)\n`,
  );
  expect(await project.trained([`--resume=miniature/${basename(oldest)}`])).toBe(oldest);
  expect(JSON.parse(readFileSync(join(future, 'report.json'), 'utf8'))).toBeTruthy();
});
