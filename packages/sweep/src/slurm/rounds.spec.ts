import { setTimeout as pause } from 'node:timers/promises';
import { createRounds } from './rounds';

it('never runs two rounds at once, and runs another when woken during one', async () => {
  let running = 0;
  let count = 0;
  const rounds = createRounds(async () => {
    expect(++running).toBe(1);
    await pause(20);
    running--;
    return ++count < 3 ? 0.01 : undefined; // two more by the clock
  });
  rounds.wake();
  expect(count + running).toBe(0); // not from within wake
  await pause(5);
  rounds.wake();
  rounds.wake();
  await rounds.idle();
  expect(count).toBe(3);
});

it('tells who waits for its end when a round fails, and goes on when woken', async () => {
  let failing = true;
  const rounds = createRounds(async () => {
    if (failing) throw new Error('disk full');
    return undefined;
  });
  const end = rounds.idle();
  rounds.wake();
  await expect(end).rejects.toThrow('disk full');
  failing = false;
  const next = rounds.idle();
  rounds.wake();
  await expect(next).resolves.toBeUndefined();
});
