import { spawn } from 'node:child_process';
import { identityOf } from '@tass/files';
import { lifeOf, thisPlace } from './process-place';

const here = { ...identityOf(), place: thisPlace() };

it('knows whether a process of this machine lives', async () => {
  expect(lifeOf(here)).toBe('alive');
  const other = spawn('sleep', ['60']);
  const identity = { ...identityOf(other.pid), place: thisPlace() };
  expect(lifeOf(identity)).toBe('alive');
  await new Promise((resolve) => {
    other.once('exit', resolve);
    other.kill('SIGKILL');
  });
  expect(lifeOf(identity)).toBe('gone');
});

it('cannot see processes of another machine', () => {
  expect(lifeOf({ ...here, host: 'elsewhere' })).toBe('unknown');
});

const ifPlaceIsKnown = thisPlace() === null ? it.skip : it;
ifPlaceIsKnown('cannot see those of another boot or of another container of the same name (needs /proc)', () => {
  const [boot, namespace] = thisPlace()!.split('/');
  expect(lifeOf({ ...here, place: `another-boot/${namespace}` })).toBe('unknown');
  expect(lifeOf({ ...here, place: `${boot}/pid:[1]` })).toBe('unknown');
  expect(lifeOf({ ...here, place: null })).toBe('unknown');
});
