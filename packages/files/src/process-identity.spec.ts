import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { fromSources, hasNamespaces } from '@tass/testing';
import { identityOf, isSameProcess, lifeOf, type ProcessIdentity } from './process-identity';

const here = identityOf();
let other: ChildProcess;
beforeEach(() => (other = spawn('sleep', ['900'])));
afterEach(() => other.kill('SIGKILL'));
const kill = () =>
  new Promise((resolve) => {
    other.once('exit', resolve);
    other.kill('SIGKILL');
  });

it('knows whether a process of this machine lives', async () => {
  expect(lifeOf(here)).toBe('alive');
  const identity = identityOf(other.pid);
  expect(lifeOf(identity)).toBe('alive');
  await kill();
  expect(lifeOf(identity)).toBe('gone');
});

it('cannot see processes of another machine', () => expect(lifeOf({ ...here, host: 'elsewhere' })).toBe('unknown'));

const ifStartIsKnown = here.started === null ? it.skip : it;
const boot = String(here.started).split('/')[0];

ifStartIsKnown('knows a process from another one that has its number now (needs /proc)', () => {
  expect(lifeOf({ ...identityOf(other.pid), started: `${boot}/1` })).toBe('gone');
});

ifStartIsKnown('cannot see those of another container of the same name (needs /proc)', () => {
  expect(lifeOf({ ...here, namespace: 'pid:[1]' })).toBe('unknown');
  expect(lifeOf({ ...here, namespace: null })).toBe('unknown');
  expect(isSameProcess(here, { ...here, namespace: 'pid:[1]' })).toBe(false);
});

ifStartIsKnown('takes a machine that was started again for itself, not another one of its name (needs /proc)', () => {
  const earlier = { ...here, started: 'another-boot/1' };
  expect(lifeOf({ ...earlier, machine: 'another' })).toBe('unknown');
  expect(lifeOf({ ...earlier, machine: null })).toBe('unknown');
  expect(lifeOf(earlier)).toBe(here.machine === null ? 'unknown' : 'gone'); // a container has no id of its own
});

ifStartIsKnown('goes by host and boot where nothing else was written, as earlier versions did (needs /proc)', () => {
  const { pid, host, started } = here;
  expect(lifeOf({ pid, host, started })).toBe('alive');
  expect(lifeOf({ pid, host, started: 'another-boot/1' })).toBe('gone');
  expect(isSameProcess(here, { pid, host, started })).toBe(true);
});

describe('another /proc (needs unshare and root)', () => {
  const ifNamespaces = hasNamespaces() ? it : it.skip;
  const answer = (words: string[], body: string): string => {
    const program = `
      const { identityOf, lifeOf } = require(${JSON.stringify(join(__dirname, 'process-identity.ts'))});
      ${body}`;
    const { stdout, stderr } = spawnSync(words[0], [...words.slice(1), process.execPath, ...fromSources, '--eval', program], {
      encoding: 'utf8',
    });
    return stderr || stdout.trim();
  };

  ifNamespaces('that is the one of the namespace outside tells nothing of the processes inside; their numbers do', () => {
    const body = `
      const child = require('node:child_process').spawn('sleep', ['900']);
      const identity = identityOf(child.pid);
      console.log(identity.started, lifeOf(identity), lifeOf(identityOf()));
      child.once('exit', () => console.log(lifeOf(identity)));
      child.kill('SIGKILL');`;
    expect(answer(['unshare', '--pid', '--fork'], body)).toBe('null alive alive\ngone');
  });

  ifNamespaces('that hides the processes of other users: one that cannot be seen is not taken for dead', () => {
    const identity: ProcessIdentity = identityOf(other.pid);
    const body = `
      process.setgroups([]);
      process.setgid(65534); // that of root sees all
      process.setuid(65534);
      const identity = ${JSON.stringify(identity)};
      console.log(identityOf().started !== null, lifeOf(identity), lifeOf({ ...identity, pid: 2 ** 22 + 1 }));`;
    const hidden = ['unshare', '--mount', 'sh', '-c', 'mount -t proc -o hidepid=2 proc /proc && exec "$0" "$@"'];
    expect(answer(hidden, body)).toBe('true unknown gone');
  });
});
