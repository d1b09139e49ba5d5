import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunError } from './run-error';
import { isLocked, lockRun } from './run-lock';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tass-run-lock-'))));
afterEach(() => rmSync(folder, { recursive: true }));

it('locks a run by run.lock, and speaks of it as of a run', () => {
  const unlock = lockRun(folder);
  expect(readdirSync(folder)).toEqual(['run.lock']);
  expect(isLocked(folder)).toBe(true);
  const again = () => lockRun(folder);
  expect(again).toThrow(RunError);
  expect(again).toThrow(new RegExp(`^tracking: ${folder} is in use by this process \\(${process.pid}\\)`));
  unlock();
  expect(isLocked(folder)).toBe(false);
});

it('names a lock that is none', () => {
  writeFileSync(join(folder, 'run.lock'), 'hello');
  expect(() => isLocked(folder)).toThrow(RunError);
  expect(() => isLocked(folder)).toThrow(`${join(folder, 'run.lock')} is not a lock of this project`);
});
