import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromSources, hasGcc, hasNamespaces, inNamespace, limitedDisk, until } from '@tass/testing';
import { identityOf } from './process-identity';
import { holderOf, lockFolder } from './lock-folder';

const lock = { file: 'work.lock', what: 'the folder' };
let folder: string;
let file: string;
let other: ChildProcess;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tass-lock-'));
  file = join(folder, 'work.lock');
  other = spawn('sleep', ['900']);
});
afterEach(() => {
  other.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});
const kill = (child: ChildProcess) =>
  new Promise((resolve) => {
    child.on('exit', resolve);
    child.kill('SIGKILL');
  });
const inOtherProcess = (body: string): string => `
  const { lockFolder } = require(${JSON.stringify(join(__dirname, 'lock-folder.ts'))});
  const [folder, lock] = ${JSON.stringify([folder, lock])};
  ${body}`;

it('holds the folder until it is given back, and leaves nothing', () => {
  const unlock = lockFolder(folder, lock);
  expect(holderOf(folder, lock)).toEqual(identityOf());
  expect(readdirSync(folder)).toEqual(['work.lock']);
  expect(() => lockFolder(folder, lock)).toThrow(`the folder ${folder} is in use by this process (${process.pid})`);
  unlock();
  expect(holderOf(folder, lock)).toBeUndefined();
  expect(readdirSync(folder)).toEqual([]);
  lockFolder(folder, lock)();
});

it('refuses while another process holds it, and takes over when that one was killed', async () => {
  const identity = identityOf(other.pid);
  writeFileSync(file, JSON.stringify(identity));
  expect(() => lockFolder(folder, lock)).toThrow(
    new RegExp(`${folder} is in use by process ${other.pid} on .+\\. Wait until it ends, or stop it`),
  );
  expect(holderOf(folder, lock)).toEqual(identity);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(identity);

  await kill(other);
  expect(holderOf(folder, lock)).toBeUndefined();
  lockFolder(folder, lock);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(identityOf());
  expect(readdirSync(folder)).toEqual(['work.lock']);
});

it.each(['before', 'after'])('removes what a process left that was killed %s its lock appeared', async (moment) => {
  const program = `
    const fs = require('node:fs');
    const { linkSync } = fs;
    fs.linkSync = (...names) => {
      if ('${moment}' === 'after') linkSync(...names);
      process.kill(process.pid, 'SIGKILL');
    };
    ${inOtherProcess('lockFolder(folder, lock);')}`;
  expect(spawnSync(process.execPath, [...fromSources, '--eval', program]).signal).toBe('SIGKILL');
  expect(readdirSync(folder)).toContainEqual(expect.stringMatching(/^work\.lock\../));
  lockFolder(folder, lock);
  expect(readdirSync(folder)).toEqual(['work.lock']);
});

it('takes over the locks that were written before there were namespaces, as they were', async () => {
  const { pid, host, started } = identityOf(other.pid);
  writeFileSync(file, JSON.stringify({ pid, host, started }));
  expect(() => lockFolder(folder, lock)).toThrow(`is in use by process ${pid} on ${host}. Wait until it ends, or stop it`);
  await kill(other);
  lockFolder(folder, lock);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(identityOf());
});

it('removes what older versions left under the names that they gave', () => {
  const { host, started } = identityOf();
  const name = Buffer.from(JSON.stringify({ pid: 2 ** 22 + 1, host, started })).toString('base64url'); // above the largest process id
  writeFileSync(`${file}.${name}`, '');
  lockFolder(folder, lock);
  expect(readdirSync(folder)).toEqual(['work.lock']);
});

it.each([
  [{ pid: 1, host: 'elsewhere', started: null }, 'elsewhere'],
  [{ pid: 1, host: 'elsewhere', started: null, namespace: 'pid:[7]' }, 'elsewhere, namespace pid:[7]'],
  [{ ...identityOf(2 ** 22 + 1), namespace: 'pid:[7]' }, `${hostname()}, namespace pid:[7]`],
])('cannot see processes of other machines and containers, and says what to do: %j', (identity, where) => {
  writeFileSync(file, JSON.stringify(identity));
  expect(() => lockFolder(folder, lock)).toThrow(
    `process ${identity.pid} on ${where}. Wait until it ends, or stop it. It cannot be seen from here: if it is gone, delete ${file}`,
  );
  expect(holderOf(folder, lock)).toEqual(identity);
});

describe('across process namespaces of one host name (needs unshare and root)', () => {
  const ifNamespaces = hasNamespaces() ? it : it.skip;
  const start = (body: string): ChildProcess => {
    const [program, ...words] = [...inNamespace, process.execPath, ...fromSources, '--eval', inOtherProcess(body)];
    return spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  };
  const lineOf = (child: ChildProcess) =>
    new Promise<string>((resolve) => child.stdout!.once('data', (data) => resolve(String(data).trim())));

  ifNamespaces('a live holder inside is not taken for dead from outside; nor is a dead one, whose file is named', async () => {
    const holder = start('lockFolder(folder, lock); console.log(process.pid); setInterval(() => 0, 1000);');
    try {
      const pid = await lineOf(holder);
      const message = new RegExp(
        `is in use by process ${pid} on ${hostname()}, namespace pid:\\[\\d+\\]\\. .*It cannot be seen from here: if it is gone, delete ${file}$`,
      );
      expect(() => lockFolder(folder, lock)).toThrow(message);
      await kill(holder);
      expect(() => lockFolder(folder, lock)).toThrow(message);
      rmSync(file);
      lockFolder(folder, lock)();
    } finally {
      holder.kill('SIGKILL');
    }
  });

  ifNamespaces('a live holder outside is not taken for dead from inside', async () => {
    lockFolder(folder, lock);
    const refused = await lineOf(start('try { lockFolder(folder, lock); } catch ({ message }) { console.log(message); }'));
    expect(refused).toContain(`is in use by process ${process.pid} on ${hostname()}, namespace ${identityOf().namespace}. `);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(identityOf());
  });
});

it('does not give back what is no longer its own', () => {
  const unlock = lockFolder(folder, lock);
  writeFileSync(file, JSON.stringify(identityOf(other.pid)));
  unlock();
  expect(existsSync(file)).toBe(true);
});

it.each(['hello', '7 thishost', '{"pid": 7}', 'null'])('names a file that is no lock: %j', (text) => {
  writeFileSync(file, text);
  utimesSync(file, 0, 0);
  expect(() => lockFolder(folder, lock)).toThrow(
    `the folder ${folder} cannot be locked: ${file} is not a lock of this project. Delete it when nothing works in its folder`,
  );
});

describe('names what is in the place of a lock and cannot be read', () => {
  const refused = (why: string) => {
    const message = `the folder ${folder} cannot be locked: ${file} ${why}. Delete it when nothing works in its folder`;
    for (const work of [lockFolder, holderOf]) expect(() => work(folder, lock)).toThrow(message);
    expect(readdirSync(folder)).toEqual(['work.lock']);
  };

  it('a folder', () => {
    mkdirSync(file);
    refused('is a folder');
  });

  it('a link that leads nowhere, or to itself', () => {
    symlinkSync('nowhere', file);
    refused('cannot be read (ENOENT)');
    rmSync(file);
    symlinkSync('work.lock', file);
    refused('cannot be read (ELOOP)');
  });

  it('a file that is closed to this user', () => {
    writeFileSync(file, JSON.stringify(identityOf()), { mode: 0o600 });
    chmodSync(folder, 0o777);
    const asRoot = process.geteuid?.() === 0;
    try {
      if (asRoot)
        process.seteuid?.(65534); // root may read anything
      else chmodSync(file, 0o000);
      refused('cannot be read (EACCES)');
    } finally {
      if (asRoot) process.seteuid?.(0);
    }
  });
});

describe.each(['', '{"pid":7,"host":"no', '\0\0\0'])('a lock that was not written to its end: %j', (text) => {
  it('is waited for while it is new', async () => {
    writeFileSync(file, text);
    const now = Date.now();
    expect(holderOf(folder, lock)).toBeUndefined();
    expect(Date.now() - now).toBeGreaterThan(1500);
    lockFolder(folder, lock);
    expect(readdirSync(folder)).toEqual(['work.lock']);
  });

  it('is abandoned when it is old', () => {
    writeFileSync(file, text);
    utimesSync(file, 0, 0);
    const now = Date.now();
    lockFolder(folder, lock);
    expect(Date.now() - now).toBeLessThan(1500);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(identityOf());
  });

  it('is that of a process which writes it meanwhile', async () => {
    const identity = JSON.stringify(identityOf(other.pid));
    const writing = `echo ready; until [ -e '${file}' ]; do sleep 0.05; done; sleep 0.3; printf %s '${identity}' > '${file}'`;
    const writer = spawn('sh', ['-c', writing], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(writer.stdout!, 'data'); // a busy machine may take long to start it
    writeFileSync(file, text);
    expect(() => lockFolder(folder, lock)).toThrow(`is in use by process ${other.pid}`);
  });
});

describe.each(['EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK', 'EACCES'] as const)('where links are refused with %s (needs gcc)', (link) => {
  const ifGcc = hasGcc() ? it : it.skip;
  const start = (body: string): ChildProcess =>
    spawn(process.execPath, [...fromSources, '--eval', inOtherProcess(body)], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  let tools: string;
  let environment: Record<string, string>;
  beforeAll(() => {
    tools = mkdtempSync(join(tmpdir(), 'tass-limited-disk-'));
    if (hasGcc()) environment = limitedDisk(tools, { link, folderSync: 'EINVAL' });
  });
  afterAll(() => rmSync(tools, { recursive: true }));

  ifGcc('one of several processes gets the lock, another one when that was killed; nothing else is left', async () => {
    for (let round = 1; round <= 2; round++) {
      const body = `
        setTimeout(() => {
          try { lockFolder(folder, lock); console.log('locked'); } catch { console.log('refused'); }
        }, ${Date.now() + 800} - Date.now());
        setInterval(() => 0, 1000);`;
      const rivals = [1, 2, 3].map(() => start(body));
      const said = rivals.map(() => '');
      rivals.forEach((rival, index) => rival.stdout!.on('data', (data) => (said[index] += data)));
      await until(() => said.every(Boolean));
      expect([...said].sort()).toEqual(['locked\n', 'refused\n', 'refused\n']);
      expect(JSON.parse(readFileSync(file, 'utf8')).pid).toBe(rivals[said.indexOf('locked\n')].pid);
      expect(readdirSync(folder)).toEqual(['work.lock']);
      await Promise.all(rivals.map(kill));
    }
    lockFolder(folder, lock)();
    expect(readdirSync(folder)).toEqual([]);
  });
});

it('says why a folder cannot be locked', () => {
  expect(() => lockFolder(join(folder, 'none'), lock)).toThrow(
    `the folder ${folder}/none cannot be locked: there is no folder ${folder}/none`,
  );
});
