import { LockError } from './lock-folder';
import { waitForMaker } from './wait-for-maker';

const lock = { file: 'world.lock', what: 'the world' };
const held = new LockError('data', lock, { pid: 1, host: 'elsewhere', started: null });

it('waits while another process makes it, and says so once', async () => {
  const errors = [held, held, undefined];
  const said: string[] = [];
  const make = async () => {
    const error = errors.shift();
    if (error) throw error;
    return 7;
  };
  expect(await waitForMaker(make, { say: (line) => said.push(line), everySeconds: 0.001 })).toBe(7);
  expect(said).toEqual([`${held.message}. Waiting for it`]);
  expect(held.message).toMatch(/^the world data is in use by process 1 on elsewhere\. /);
});

it.each([new Error('disk full'), new LockError('data', lock, undefined)])('%s is not waited for', async (error) => {
  await expect(waitForMaker(() => Promise.reject(error), { say: String, everySeconds: 0.001 })).rejects.toBe(error);
});

it('does not wait any longer than its signal says', async () => {
  const stop = new AbortController();
  const say = () => stop.abort(new Error('stopped'));
  await expect(waitForMaker(() => Promise.reject(held), { say, everySeconds: 1000, signal: stop.signal })).rejects.toThrow('stopped');
});
