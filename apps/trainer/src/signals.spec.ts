import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ChildProcess } from 'node:child_process';
import { fromSources, hasTerminals, MiniatureProject, type ProgramOptions, resultsOf, until } from '@tass/testing';

const project = new MiniatureProject();
afterAll(() => project.remove());

const interrupt = join(__dirname, 'fixtures/interrupt.cjs');
const interrupted = (signals: string) =>
  project.train(['--exp=miniature'], { preload: [interrupt], environment: { INTERRUPT_STEP: '5', INTERRUPT_SIGNAL: signals } });

let uninterrupted: Record<string, unknown>;
beforeAll(async () => {
  uninterrupted = resultsOf(await project.trained(['--exp=miniature']));
});

it('two signals within moments stop a training once: it saves and can be resumed', async () => {
  const { code, errors } = await interrupted('SIGTERM,SIGTERM');
  const [run] = project.runsOf();
  expect([code, errors]).toEqual([130, expect.stringContaining('stopped and saved')]);
  expect(await project.trained(['--exp=miniature', '--resume'])).toBe(run);
  expect(resultsOf(run)).toEqual(uninterrupted);
});

it('SIGHUP passes a training by whose output no terminal shows', async () => {
  const { code, errors } = await interrupted('SIGHUP');
  expect([code, errors]).toEqual([0, expect.not.stringContaining('SIGHUP')]);
  expect(resultsOf(project.runsOf()[0])).toEqual(uninterrupted);
});

type Options = Pick<ProgramOptions, 'environment' | 'columns'>;

describe.each([
  ['a training', 'run.lock', (options: Options) => project.train(['--exp=miniature'], { preload: [interrupt], ...options })],
  [
    'a sweep',
    'sweep.lock',
    (options: Options) => project.sweep(['--exp=miniature-grid', '--only=seed=2'], { preload: [interrupt], ...options }),
  ],
] as const)('%s that gets a signal', (_, lock, start) => {
  const locks = () => readdirSync(project.runs, { recursive: true }).filter((file) => basename(String(file)) === lock);

  it('right after it has locked its folder says so, and leaves no lock', async () => {
    const { code, signal, errors } = await start({ environment: { INTERRUPT_RENAME: `${lock}:1:after`, INTERRUPT_SIGNAL: 'SIGTERM' } });
    expect([code, signal, errors]).toEqual([130, null, expect.stringMatching(/SIGTERM[^]*to resume/i)]);
    expect(locks()).toEqual([]);
  });

  (hasTerminals() ? it : it.skip)('at that moment, as its terminal is closed, does the same (needs script)', async () => {
    const environment = { INTERRUPT_RENAME: `${lock}:1:after`, INTERRUPT_SIGNAL: 'SIGHUP,SIGHUP', CI: '' };
    const { code, output } = await start({ environment, columns: 120 });
    expect([code, output]).toEqual([130, expect.stringMatching(/SIGHUP[^]*to resume/i)]);
    expect(locks()).toEqual([]);
  });

  it('right before it releases that leaves no lock', async () => {
    const { code, signal } = await start({ environment: { INTERRUPT_REMOVE: `${lock}:1:before`, INTERRUPT_SIGNAL: 'SIGTERM' } });
    expect([code, signal]).toEqual([0, null]);
    expect(locks()).toEqual([]);
  });
});

it.each(['world.lock', 'prepare.lock'])(
  'a signal ends a training that makes its data and has just made %s, and leaves no lock',
  async (lock) => {
    const environment = { INTERRUPT_RENAME: `${lock}:1:after`, INTERRUPT_SIGNAL: 'SIGTERM' };
    const { code, signal, errors } = await project.train(['--exp=miniature', 'dataset.root=another'], {
      preload: [interrupt],
      environment,
    });
    expect([code, signal, errors]).toEqual([130, null, expect.stringContaining('stopped; finished parts are kept. To resume: ')]);
    expect(readdirSync(join(project.folder, 'another'), { recursive: true }).filter((file) => String(file).endsWith('.lock'))).toEqual([]);
  },
);

it('a signal ends a sweep that waits for the MLflow server', async () => {
  let parent: ChildProcess | undefined;
  const server = createServer(() => parent!.kill('SIGTERM')).listen(0, '127.0.0.1'); // it never answers
  await once(server, 'listening');
  const environment = { MLFLOW_TRACKING_URI: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  const words = ['--exp=miniature-grid', '--only=seed=2']; // its cells are done
  const { code, errors } = await project.sweep(words, { environment, onError: (_, program) => (parent = program) });
  server.closeAllConnections();
  server.close();
  expect([code, errors]).toEqual([
    0,
    expect.stringContaining('stopped by SIGTERM. The end of the sweep is not on the server. To send it: '),
  ]);
});

it('SIGTERM to all processes of a sweep at once: its cell saves and is resumed', async () => {
  const words = ['--exp=miniature-grid', '--only=seed=1', '--only=loss.synchrony=1'];
  const INTERRUPT_HOLD = join(project.folder, 'hold');
  const environment = { INTERRUPT_STEP: '3', INTERRUPT_HOLD, NODE_OPTIONS: [...fromSources, '--require', interrupt].join(' ') };
  let said = '';
  let parent: ChildProcess | undefined;
  const ended = project.sweep(words, { environment, onError: (text, program) => ([said, parent] = [text, program]) });
  await until(() => existsSync(INTERRUPT_HOLD));
  for (const pid of [Number(/\(process (\d+)\)/.exec(said)?.[1]), parent!.pid!]) process.kill(pid, 'SIGTERM');
  await until(() => said.includes('stopping   SIGTERM'));
  await pause(200); // in which the parent passes its signal on
  rmSync(INTERRUPT_HOLD);
  expect((await ended).code).toBe(130);

  expect((await project.sweep(['--exp=miniature-grid', '--resume', ...words.slice(1)])).code).toBe(0);
  const logs = readdirSync(join(project.runs, '.cells')).map((address) => join(project.runs, '.cells', address, 'log.txt'));
  const stopped = logs.filter(existsSync).map((log) => readFileSync(log, 'utf8')).find((log) => log.includes('SIGTERM')); // prettier-ignore
  expect(stopped).toMatch(/SIGTERM: finishing the step, then saving\n[^]*, from epoch 1, batch [2-9]/);
});
