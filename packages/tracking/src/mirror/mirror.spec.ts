import { existsSync, readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fromSources, needsMlflow, runProgram, until, withMlflow } from '@tass/testing';
import { FaultProxy } from '../fixtures/fault-proxy';
import { expectPointsOfJournal, historyOf, onlyRun, storedRun } from '../fixtures/on-server';
import { freePort, SpecServer } from '../fixtures/mlflow';
import { SpecRuns } from '../fixtures/runs';
import { mlflowServer } from '../mlflow/server';
import type { Run } from '../run';
import { startMirror, type MirrorOptions } from './mirror';

const mirrorTo = (uri: string, run: Run, options: Partial<MirrorOptions> = {}) =>
  startMirror({ folder: run.folder, server: mlflowServer(uri, {})!, ...options }, fromSources);

let runs: SpecRuns;
beforeEach(() => (runs = new SpecRuns()));
afterEach(() => runs.remove());

withMlflow(`the mirror and a real server ${needsMlflow}`, () => {
  let server: SpecServer;
  beforeAll(async () => (server = await SpecServer.start()));
  afterAll(() => server?.stop());

  it('follows a run while it is trained, to its end, with samples of the system', async () => {
    const client = server.client();
    const run = runs.create();
    const mirror = mirrorTo(server.uri, run, { sampleSeconds: 0.1 });
    runs.epoch(run, 1);
    mirror.changed();
    const position = () => JSON.parse(readFileSync(join(run.folder, 'mlflow.json'), 'utf8')) as { lines: number; runId: string };
    await until(() => existsSync(join(run.folder, 'mlflow.json')) && position().lines === 1);
    const { id } = await onlyRun(client, 'quickstart', run.manifest.id);
    expect((await storedRun(client, id)).info.status).toBe('RUNNING');
    runs.epoch(run, 2);
    mirror.changed();
    await until(() => position().lines === 2);
    await until(() => existsSync(join(run.folder, 'system.jsonl')));
    runs.finish(run);
    expect(await mirror.finish(200)).toEqual({ complete: true });
    expect((await storedRun(client, id)).info.status).toBe('FINISHED');
    await expectPointsOfJournal(client, run.folder, id);
    const memory = await historyOf(client, id, 'system/system_memory_usage_percentage');
    expect(memory.length).toBeGreaterThan(0);
    expect(memory.map(({ step }) => step)).toEqual(memory.map((_, index) => index));
    expect(readFileSync(join(run.folder, 'system.jsonl'), 'utf8').trim().split('\n')).toHaveLength(memory.length);
    expect(existsSync(join(run.folder, 'mlflow.lock'))).toBe(false);
  });

  it('has status and figures at the end though the server takes no file, and says so', async () => {
    const proxy = await FaultProxy.start(server.uri, (request) => (request.includes('mlflow-artifacts') ? 'status 500' : undefined));
    const run = runs.create({ experiment: 'files' });
    const mirror = mirrorTo(proxy.uri, run);
    runs.epoch(run, 1);
    runs.finish(run);
    const { complete, message } = await mirror.finish(20);
    await proxy.stop();
    expect(complete).toBe(false);
    expect(message).toMatch(/\(1 of 1 lines of metrics are there\): config\.yaml, .*report\.json: PUT .* was refused: 500 boom/);
    const { id } = await onlyRun(server.client(), 'files', run.manifest.id);
    expect((await storedRun(server.client(), id)).info.status).toBe('FINISHED');
    await expectPointsOfJournal(server.client(), run.folder, id);
  });

  it('tells the server of a run that failed, and of one that was stopped', async () => {
    for (const [failure, status] of [
      ['the loss is NaN', 'FAILED'],
      [undefined, 'KILLED'],
    ] as const) {
      const run = runs.create();
      const mirror = mirrorTo(server.uri, run);
      runs.epoch(run, 1);
      if (failure) run.markFailed(failure);
      expect(await mirror.finish(200)).toEqual({ complete: true });
      const { id } = await onlyRun(server.client(), 'quickstart', run.manifest.id);
      expect((await storedRun(server.client(), id)).info.status).toBe(status);
    }
  });
});

describe('the mirror and a server that does not work', () => {
  let faulty: Server;
  const listen = async (listener: RequestListener): Promise<string> => {
    faulty = createServer(listener);
    await new Promise<void>((resolve) => faulty.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(faulty.address() as AddressInfo).port}`;
  };
  afterEach(() => {
    faulty?.closeAllConnections();
    faulty?.close();
  });

  const cases: Record<string, RequestListener> = {
    hangs: () => undefined,
    'answers with 500': (_, response) => response.writeHead(500).end('<html>no</html>'),
    'breaks off': (request) => request.socket.destroy(),
    'answers drop by drop': (_, response) => setInterval(() => response.write(' '), 50).unref(),
  };
  it.each(Object.entries(cases))('that %s: training is told once, ends in time, and learns what is missing', async (_, listener) => {
    const uri = await listen(listener);
    const run = runs.create();
    const troubles: string[] = [];
    const mirror = mirrorTo(uri, run, { onTrouble: (message) => troubles.push(message) });
    runs.epoch(run, 1);
    runs.epoch(run, 2);
    for (let call = 0; call < 1000; call++) mirror.changed();
    await delay(600);
    runs.finish(run);
    const started = performance.now();
    const { complete, message } = await mirror.finish(1);
    expect(performance.now() - started).toBeLessThan(20_000); // not the 30 s that a request may take
    expect(complete).toBe(false);
    expect(message).toMatch(`${uri} does not have all of this run (0 of 2 lines of metrics are there): `);
    expect(message).toMatch(`To send it: npx nx run tracking:sync ${run.manifest.id}`);
    expect(troubles.length).toBeLessThan(2);
    expect(existsSync(join(run.folder, 'mlflow.lock'))).toBe(false);
  });

  it('that is not there: names it', async () => {
    const port = await freePort();
    const run = runs.create();
    const troubles: string[] = [];
    const mirror = mirrorTo(`http://127.0.0.1:${port}`, run, { onTrouble: (message) => troubles.push(message) });
    await until(() => troubles.length > 0);
    expect(troubles).toEqual([
      expect.stringMatching(`http://127.0.0.1:${port}/api/2.0/mlflow/experiments/get-by-name: nothing listens there`),
    ]);
    expect((await mirror.finish(5)).message).toMatch('(0 of 0 lines of metrics are there): ');
    expect(troubles).toHaveLength(1);
  });

  it('that hangs: a process that never calls finish ends all the same', async () => {
    const uri = await listen(() => undefined);
    const run = runs.create();
    const program = join(__dirname, '../fixtures/mirror-and-end.ts');
    const { code, output, errors } = await runProgram(program, [run.folder, uri], { folder: runs.root });
    expect([code, output, errors]).toEqual([0, 'trained\n', '']);
  });
});
