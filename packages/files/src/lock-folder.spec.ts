import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromSources } from '@tass/testing';
import { identityOf, mayBeAlive } from './process-identity';
import { isFolderLocked, lockFolder } from './lock-folder';

const lock = { file: 'work.lock', what: 'the folder' };
let folder: string;
let file: string;
let other: ChildProcess;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tass-lock-'));
  file = join(folder, 'work.lock');
  other = spawn('sleep', ['60']);
});
afterEach(() => {
  other.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});
const killed = () =>
  new Promise((resolve) => {
    other.on('exit', resolve);
    other.kill('SIGKILL');
  });

it('holds the folder until it is given back, and leaves nothing', () => {
  const unlock = lockFolder(folder, lock);
  expect(isFolderLocked(folder, lock)).toBe(true);
  expect(readdirSync(folder)).toEqual(['work.lock']);
  expect(() => lockFolder(folder, lock)).toThrow(`the folder ${folder} is in use by this process (${process.pid})`);
  unlock();
  expect(isFolderLocked(folder, lock)).toBe(false);
  expect(readdirSync(folder)).toEqual([]);
  lockFolder(folder, lock)();
});

it('refuses while another process holds it, and takes over when that one was killed', async () => {
  const identity = identityOf(other.pid);
  writeFileSync(file, JSON.stringify(identity));
  expect(() => lockFolder(folder, lock)).toThrow(
    new RegExp(`${folder} is in use by process ${other.pid} on .+\\. Wait until it ends, or stop it`),
  );
  expect(isFolderLocked(folder, lock)).toBe(true);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(identity);

  await killed();
  expect(isFolderLocked(folder, lock)).toBe(false);
  lockFolder(folder, lock);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(identityOf());
  expect(readdirSync(folder)).toEqual(['work.lock']);
});

const ifStartIsKnown = identityOf().started === null ? it.skip : it;
ifStartIsKnown('takes over from a process whose number another one has now (needs /proc)', () => {
  const former = { ...identityOf(other.pid), started: 'an earlier boot/1' };
  expect(mayBeAlive(former)).toBe(false);
  expect(mayBeAlive(identityOf(other.pid))).toBe(true);
  writeFileSync(file, JSON.stringify(former));
  expect(() => lockFolder(folder, lock)).not.toThrow();
});

it.each(['before', 'after'])('removes what a process left that was killed %s its lock appeared', async (moment) => {
  const program = `
    const fs = require('node:fs');
    const { linkSync } = fs;
    fs.linkSync = (...names) => {
      if ('${moment}' === 'after') linkSync(...names);
      process.kill(process.pid, 'SIGKILL');
    };
    require(${JSON.stringify(join(__dirname, 'lock-folder.ts'))}).lockFolder(${JSON.stringify(folder)}, ${JSON.stringify(lock)});`;
  expect(spawnSync(process.execPath, [...fromSources, '--eval', program]).signal).toBe('SIGKILL');
  expect(readdirSync(folder)).toContainEqual(expect.stringMatching(/^work\.lock\../));
  lockFolder(folder, lock);
  expect(readdirSync(folder)).toEqual(['work.lock']);
});

it('cannot see processes of other machines, and says what to do', () => {
  writeFileSync(file, JSON.stringify({ pid: 1, host: 'elsewhere', started: null }));
  expect(() => lockFolder(folder, lock)).toThrow(
    `process 1 on elsewhere. Wait until it ends, or stop it. If elsewhere is gone, delete ${file}`,
  );
});

it('does not give back what is no longer its own', () => {
  const unlock = lockFolder(folder, lock);
  writeFileSync(file, JSON.stringify(identityOf(other.pid)));
  unlock();
  expect(existsSync(file)).toBe(true);
});

it.each(['hello', '', '7 thishost', '{"pid": 7}', 'null'])('names a file that is no lock: %j', (text) => {
  writeFileSync(file, text);
  expect(() => lockFolder(folder, lock)).toThrow(
    `the folder ${folder} cannot be locked: ${file} is not a lock of this project. Delete it when nothing works in its folder`,
  );
});

it('says why a folder cannot be locked', () => {
  expect(() => lockFolder(join(folder, 'none'), lock)).toThrow(
    `the folder ${folder}/none cannot be locked: there is no folder ${folder}/none`,
  );
});
