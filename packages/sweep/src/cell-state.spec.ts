import type { AttemptEnd, AttemptRecord, Claim } from './attempt-files';
import { stateOf, type CellState } from './cell-state';

const now = 1_000_000_000;
const claim: Claim = { pid: 7, host: 'node5', started: 'x', job: null, leaseSeconds: 60, at: '' };
const end = (state: AttemptEnd['state']): AttemptEnd => ({ state, code: 0, step: 1, message: null, at: '' });
const attempt = (parts: Partial<AttemptRecord>): AttemptRecord => ({
  ...{ number: 1, claim, heartbeatAt: now, run: undefined, end: undefined, damaged: [] },
  ...parts,
});
const heard = (secondsAgo: number): AttemptRecord => attempt({ heartbeatAt: now - secondsAgo * 1000 });
const ended = (state: AttemptEnd['state']): AttemptRecord => attempt({ end: end(state) });

describe.each(['alive', 'gone', 'unknown'] as const)('where the last process is %s', (life) => {
  const state = (...attempts: AttemptRecord[]): CellState => stateOf(attempts, { now: () => now, lifeOf: () => life });
  const byLife = { alive: 'running', gone: 'stale' } as const;
  const byLease = (fresh: boolean): CellState => (life === 'unknown' ? (fresh ? 'running' : 'stale') : byLife[life]);

  it('counts ends before everything else', () => {
    expect(state()).toBe('pending');
    expect(state(ended('failed'))).toBe('failed');
    expect(state(ended('failed'), ended('preempted'))).toBe('preempted');
    expect(state(ended('succeeded'), ended('failed'))).toBe('succeeded'); // by a process that was taken for gone
    expect(state(ended('succeeded'), heard(0))).toBe('succeeded');
  });

  it('asks for the process, and for its heartbeat where it cannot be seen', () => {
    expect(state(heard(60))).toBe(byLease(true));
    expect(state(heard(60.001))).toBe(byLease(false));
    expect(state(heard(-5))).toBe(byLease(true)); // written since the clock was asked
    expect(state(ended('failed'), heard(1))).toBe(byLease(true));
    expect(state(attempt({ claim: { ...claim, leaseSeconds: 5 }, heartbeatAt: now - 5001 }))).toBe(byLease(false));
    expect(state(attempt({ heartbeatAt: undefined }))).toBe(byLease(false));
  });

  it('does not wait for a heartbeat that stands in the future', () => {
    expect(state(heard(-60))).toBe(byLease(true));
    expect(state(heard(-61))).toBe(byLease(false));
  });

  it('goes by the heartbeat where the claim is damaged', () => {
    expect(state(attempt({ claim: undefined, heartbeatAt: now - 60_000 }))).toBe('running');
    expect(state(attempt({ claim: undefined, heartbeatAt: now - 60_001 }))).toBe('stale');
  });
});
