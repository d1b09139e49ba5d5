import { identityOf } from './process-identity';
import { fromName, toName } from './written-identity';

it('writes a process as a part of a name and reads it back, also one from before', () => {
  const identity = { ...identityOf(), host: 'h'.repeat(64), namespace: 'pid:[4026531836]', machine: '01234567' };
  expect(fromName(toName(identity))).toEqual(identity);
  expect(`prepare.lock.${toName({ ...identity, pid: 4194304 })}.stale`.length).toBeLessThan(256);
  const { pid, host, started } = identity;
  expect(fromName(Buffer.from(JSON.stringify({ pid, host, started })).toString('base64url'))).toEqual({ pid, host, started });
});

it.each(['', 'tmp', 'bnVsbA', 'W10', 'e30'])('takes no other name for one: %s', (name) => expect(fromName(name)).toBeUndefined());
