import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromSources } from '@tass/testing';
import { startWorker } from './worker-process';

const source = JSON.stringify(join(__dirname, 'worker-process.ts'));
const folder = mkdtempSync(join(tmpdir(), 'worker-process-'));
const file = join(folder, 'worker.cjs');
writeFileSync(
  file,
  `setInterval(() => undefined, 1000); // it is never idle
  require(${source}).answerParent(async (message) => {
    if (message === 'nothing') return undefined;
    if (message === 'throw') throw new Error('no such work');
    if (message === 'not JSON') return 1n;
    return [process.argv[2], message];
  });`,
);
afterAll(() => rmSync(folder, { recursive: true }));

describe('a worker', () => {
  let child: ChildProcess;
  beforeEach(() => {
    child = startWorker({ file, execArgv: fromSources }, ['word']);
  });
  afterEach(() => child.kill('SIGKILL'));

  it('answers messages with results and errors, and is silent where there is no result', async () => {
    const answers: unknown[] = [];
    child.on('message', (answer) => answers.push(answer));
    for (const message of ['nothing', 'throw', 1]) child.send(message);
    while (answers.length < 2) await once(child, 'message');
    expect(answers).toEqual([{ error: 'no such work' }, ['word', 1]]);
  });

  it('says so where its answer cannot be sent, and works on', async () => {
    const ended = once(child, 'exit');
    child.send('not JSON');
    expect(await Promise.race([once(child, 'message'), ended])).toEqual([{ error: expect.stringContaining('bigint') }, undefined]);
    child.send(1);
    expect(await Promise.race([once(child, 'message'), ended])).toEqual([['word', 1], undefined]);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('leaves %s to its parent', async (signal) => {
    child.send(1);
    await once(child, 'message');
    child.kill(signal);
    child.send(2);
    expect(await once(child, 'message')).toEqual([['word', 2], undefined]);
  });

  it('exits when it is disconnected', async () => {
    child.disconnect();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

it('exits when its parent is killed', async () => {
  const program = join(folder, 'parent.cjs'); // not --eval, which workers would inherit
  writeFileSync(
    program,
    `const worker = require(${source}).startWorker({ file: ${JSON.stringify(file)} });
    worker.send(1);
    worker.on('message', () => process.stdout.write('works'));`,
  );
  const parent = spawn(process.execPath, [...fromSources, program], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(parent.stdout, 'data');
  parent.kill('SIGKILL');
  await once(parent.stdout, 'close'); // the worker has it too
});
