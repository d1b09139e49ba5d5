import { LockError } from '@tass/files';
import { waitForMaker } from './wait-for-maker';

const held = new Error('the world is in use by process 1', { cause: new LockError('in use', true) });

it('waits while another process makes it, and says so once', async () => {
  const errors = [held, held, undefined];
  const said: string[] = [];
  const make = async () => {
    const error = errors.shift();
    if (error) throw error;
    return 7;
  };
  expect(await waitForMaker(make, { say: (line) => said.push(line), everySeconds: 0.001 })).toBe(7);
  expect(said).toEqual(['the world is in use by process 1. Waiting for it']);
});

it.each([new Error('disk full'), new LockError('not a lock', false)])('%s is not waited for', async (error) => {
  await expect(waitForMaker(() => Promise.reject(error), { say: String, everySeconds: 0.001 })).rejects.toBe(error);
});
