import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identityOf } from '@tass/files';
import { runState } from './run-state';

const folder = mkdtempSync(join(tmpdir(), 'tass-run-state-'));
afterAll(() => rmSync(folder, { recursive: true }));

const gone = { ...identityOf(), pid: 2 ** 22 + 1 }; // above the largest process id of Linux
it.each([
  ['RUNNING', 'of a process that lives', identityOf()],
  ['RUNNING', 'of a process on another machine', { pid: 7, host: 'node5', started: 'x/1' }],
  ['RUNNING', 'of a process in another namespace of this host name', { ...gone, namespace: 'pid:[1]' }],
  ['RUNNING', 'of a process on another machine of this name', { ...gone, started: 'another-boot/1', machine: 'another' }],
  ['KILLED', 'of a process that is gone', gone],
])('is %s by the lock %s', (state, _whose, identity) => {
  writeFileSync(join(folder, 'run.lock'), JSON.stringify(identity));
  expect(runState(folder).state).toBe(state);
});
