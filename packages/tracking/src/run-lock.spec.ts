import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LockError } from '@tass/files';
import { isHeldHere, isLocked, lockedBy, lockRun, releaseRunOf } from './run-lock';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tass-run-lock-'))));
afterEach(() => rmSync(folder, { recursive: true }));

it('locks a run by run.lock, and speaks of it as of a run', () => {
  const unlock = lockRun(folder);
  expect(readdirSync(folder)).toEqual(['run.lock']);
  expect([isLocked(folder), isHeldHere(folder)]).toEqual([true, true]);
  const again = () => lockRun(folder);
  expect(again).toThrow(LockError);
  expect(again).toThrow(new RegExp(`^the run ${folder} is in use by this process \\(${process.pid}\\)`));
  unlock();
  expect([isLocked(folder), isHeldHere(folder)]).toEqual([false, false]);
});

it('names a lock that is none', () => {
  writeFileSync(join(folder, 'run.lock'), 'hello');
  expect(() => isLocked(folder)).toThrow(LockError);
  expect(() => isLocked(folder)).toThrow(`${join(folder, 'run.lock')} is not a lock of this project`);
});

it('says who works on a run that cannot be seen from here, and which file to delete', () => {
  expect(lockedBy(folder)).toBeUndefined();
  const file = join(folder, 'run.lock');
  writeFileSync(file, JSON.stringify({ pid: 7, host: 'node5', started: 'x/1', namespace: 'pid:[1]' }));
  expect(lockedBy(folder)?.message).toBe(
    `the run ${folder} is in use by process 7 on node5, namespace pid:[1]. Wait until it ends, or stop it. ` +
      `It cannot be seen from here: if it is gone, delete ${file}`,
  );
});

it('is given free for a process of another machine that is known to have ended, and for no other', () => {
  const gone = { pid: 7, host: 'node5', started: 'x/1', namespace: 'pid:[1]' };
  writeFileSync(join(folder, 'run.lock'), JSON.stringify(gone));
  expect([isLocked(folder), isHeldHere(folder)]).toEqual([true, false]);
  for (const other of [{ pid: 8 }, { host: 'node6' }, { started: 'x/2' }, { namespace: 'pid:[2]' }])
    releaseRunOf(folder, { ...gone, ...other });
  expect(isLocked(folder)).toBe(true);
  releaseRunOf(folder, gone);
  expect(readdirSync(folder)).toEqual([]);
  releaseRunOf(folder, gone);
});
