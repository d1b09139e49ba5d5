import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ChildProcess } from 'node:child_process';
import { fromSources, MiniatureProject, resultsOf, until } from '@tass/testing';

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
  expect(readFileSync(logs.find(existsSync)!, 'utf8')).toMatch(/SIGTERM: finishing the step, then saving\n[^]*, from epoch 1, batch [2-9]/);
});
