import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { runProgram } from '@tass/testing';
import { StopSignals } from './stop-signals';

/** Runs the fixture, which gets each signal when its output ends with the text before it. */
async function stopped(deed: 'wait' | 'compute' | 'release', sent: readonly (readonly [string, (program: ChildProcess) => unknown])[]) {
  const left = [...sent];
  const onOutput = (text: string, program: ChildProcess): void => {
    if (left.length > 0 && text.endsWith(`${left[0][0]}\n`)) left.shift()![1](program);
  };
  const { code, output } = await runProgram(join(__dirname, 'fixtures/stoppable.ts'), [deed], { folder: tmpdir(), onOutput });
  return [code, output];
}

const terminate = (program: ChildProcess) => program.kill('SIGTERM');

it('signals right after the first are the same stop; a later one is a person who insists', async () => {
  const later = (program: ChildProcess) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) program.kill(signal);
    const insisting = setInterval(() => program.kill('SIGINT'), 2500); // again and again: a busy machine may take the first one for an echo
    program.once('exit', () => clearInterval(insisting));
  };
  const sent = [
    ['ready', terminate],
    ['asked SIGTERM', later],
  ] as const;
  expect(await stopped('wait', sent)).toEqual([130, 'ready\nasked SIGTERM\ninsisted SIGINT\n']);
});

it('counts when signals came, not when a process that computes handles them', async () => {
  expect(await stopped('compute', [['ready', terminate]])).toEqual([0, 'ready\nasked SIGTERM\n']);
});

it('a signal right after the first does not end a program that has ceased to listen', async () => {
  expect(await stopped('release', [['ready', terminate]])).toEqual([0, 'ready\nasked SIGTERM\n']);
});

it('a signal between two listeners waits for the next one, and reaches one', () => {
  const asked: string[] = [];
  const listener = (name: string) => ({ ask: (signal: string) => asked.push(`${name} ${signal}`) });
  const signals = new StopSignals();
  try {
    const cease = signals.listen(listener('first'));
    cease();
    process.emit('SIGTERM', 'SIGTERM');
    signals.listen(listener('second'))();
    signals.listen(listener('third'));
    expect(asked).toEqual(['second SIGTERM']);
  } finally {
    signals.release();
  }
});
