import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { needsMlflow, runProgram, withMlflow } from '@tass/testing';
import { draws, FaultProxy, faults, type Fault } from '../fixtures/fault-proxy';
import { artifactsOn, expectPointsOfJournal, modelsOf, onlyRun, runsOf, storedRun } from '../fixtures/on-server';
import { SpecServer } from '../fixtures/mlflow';
import { SpecRuns } from '../fixtures/runs';
import { MlflowClient, type ClientOptions } from './client';
import { isPassing } from './mlflow-error';
import { mlflowServer } from './server';
import { syncRun } from './sync-run';

const manyRecords = (count: number) => Array.from({ length: count }, (_, step) => ({ step, epoch: 1, values: { a: step } }));

withMlflow(`syncRun through faults ${needsMlflow}`, () => {
  let server: SpecServer;
  let runs: SpecRuns;
  let proxies: FaultProxy[];
  beforeAll(async () => (server = await SpecServer.start()));
  afterAll(() => server?.stop());
  beforeEach(() => {
    runs = new SpecRuns();
    proxies = [];
  });
  afterEach(async () => {
    runs.remove();
    for (const proxy of proxies) await proxy.stop();
  });
  const proxyTo = async (next: (request: string) => Fault | undefined): Promise<FaultProxy> => {
    const proxy = await FaultProxy.start(server.uri, next);
    proxies.push(proxy);
    return proxy;
  };
  const clientOf = (uri: string, options: ClientOptions = {}) => new MlflowClient(mlflowServer(uri, {})!, options);
  const short = { timeoutSeconds: 5, fileTimeoutSeconds: 5 }; // long enough for a busy machine to answer
  const sweep = { id: '20251123-120000-ab', folder: '.' };

  /** Each request meets the fault first; a hang, which costs its whole time, only each fifth. */
  async function sendThrough(fault: Fault): Promise<void> {
    const met = new Set<string>();
    const proxy = await proxyTo((request) => {
      if (met.has(request)) return undefined;
      met.add(request);
      return fault === 'hang' && met.size % 5 > 0 ? undefined : fault;
    });
    const experiment = `each ${fault}`;
    const run = runs.create({ experiment, sweep: { ...sweep, experiment } });
    runs.epoch(run, 1);
    runs.finish(run);
    const client = clientOf(proxy.uri, { ...(fault === 'hang' && short), patienceSeconds: 200 });
    expect(await syncRun(run.folder, client)).toMatchObject({ state: 'FINISHED', left: [], lines: 1 });
    expect(proxy.done.get(fault)).toBeGreaterThan(fault === 'hang' ? 3 : 10);
    await expectAllOnce(experiment, run.manifest.id, run.folder);
  }

  it('makes one of everything when each request meets a fault first', async () => {
    const outcomes = await Promise.allSettled(faults.map(sendThrough));
    expect(Object.fromEntries(faults.map((fault, index) => [fault, outcomes[index]]))).toEqual(
      Object.fromEntries(faults.map((fault) => [fault, { status: 'fulfilled' }])),
    );
  });

  /** Impatient calls through random faults, one after the other until all is there; now and then what was sent is forgotten. */
  async function sendThroughRandomFaults(seed: number): Promise<number> {
    const random = draws(seed);
    const proxy = await proxyTo(() => (random() < 0.25 ? faults[Math.floor(random() * faults.length)] : undefined));
    const experiment = `random ${seed}`;
    const run = runs.create({ experiment, sweep: { ...sweep, id: `${sweep.id}${seed}`, experiment } });
    const client = clientOf(proxy.uri, { ...short, patienceSeconds: 0 });
    let failures = 0;
    const send = async (): Promise<void> => {
      for (;;) {
        if (random() < 0.1) rmSync(join(run.folder, 'mlflow.json'), { force: true });
        try {
          const { left, mayPass } = await syncRun(run.folder, client);
          if (left.length === 0) return;
          expect([mayPass, left]).toEqual([true, left]);
          failures++;
        } catch (error) {
          expect([isPassing(error), error]).toEqual([true, error]);
          failures++;
        }
      }
    };
    for (let epoch = 1; epoch <= 6; epoch++) {
      runs.epoch(run, epoch, { 'val/accuracy/All': random(), nan: NaN });
      if (random() < 0.5) await send();
    }
    runs.finish(run);
    await send();
    await expectAllOnce(experiment, run.manifest.id, run.folder);
    return failures;
  }

  it('loses and doubles nothing under random faults and impatient calls', async () => {
    const failures = await Promise.all([11, 12, 13].map(sendThroughRandomFaults));
    for (const count of failures) expect(count).toBeGreaterThan(3);
  });

  it('makes one of everything when its own process is killed again and again', async () => {
    const run = runs.create({ experiment: 'killed', sweep: { ...sweep, id: 'killed', experiment: 'killed' } });
    run.journal.append(...manyRecords(3000));
    run.journal.commit();
    runs.finish(run);
    const random = draws(5);
    const ends: unknown[] = [];
    for (let kill = 1; kill <= 8; kill++) {
      const onError = (text: string, program: ChildProcess) => {
        if (text.startsWith('begun')) setTimeout(() => program.kill('SIGKILL'), 400 * random());
      };
      const { signal } = await runProgram(join(__dirname, '../fixtures/sync-once.ts'), [run.folder, server.uri], {
        folder: runs.root,
        onError,
      });
      ends.push(signal);
    }
    expect(ends).toContain('SIGKILL');
    expect(await syncRun(run.folder, server.client())).toMatchObject({ state: 'FINISHED', left: [] });
    await expectAllOnce('killed', run.manifest.id, run.folder);
  });

  it('goes on where it was when the server is killed and started again meanwhile', async () => {
    const run = runs.create({ experiment: 'power' });
    run.journal.append(...manyRecords(4000));
    run.journal.commit();
    runs.finish(run);
    const sending = syncRun(run.folder, server.client({ patienceSeconds: 200 }));
    sending.catch(() => undefined); // looked at below
    const lines = () =>
      existsSync(join(run.folder, 'mlflow.json'))
        ? (JSON.parse(readFileSync(join(run.folder, 'mlflow.json'), 'utf8')) as { lines: number }).lines
        : 0;
    while (lines() === 0) await delay(5);
    await server.kill();
    expect(lines()).toBeLessThan(4000);
    await server.restart();
    expect(await sending).toMatchObject({ state: 'FINISHED', lines: 4000, left: [] });
    await expectAllOnce('power', run.manifest.id, run.folder, false);
  });

  it('removes the twin that a request makes which arrives after it was given up', async () => {
    const run = runs.create({ experiment: 'late' });
    await syncRun(run.folder, server.client());
    const { experimentId, id } = await onlyRun(server.client(), 'late', run.manifest.id);
    const body = {
      experiment_id: experimentId,
      run_name: run.manifest.id,
      start_time: 1,
      tags: [{ key: 'tass.run', value: run.manifest.id }],
    };
    await server.client().post('runs/create', body, () => undefined);
    expect(await runsOf(server.client(), 'late')).toHaveLength(2);
    runs.finish(run);
    await syncRun(run.folder, server.client());
    expect((await onlyRun(server.client(), 'late', run.manifest.id)).id).toBe(id);
  });

  async function expectAllOnce(experiment: string, runId: string, folder: string, hasParent = true): Promise<void> {
    const client = server.client();
    const all = await runsOf(client, experiment);
    expect(all).toHaveLength(hasParent ? 2 : 1);
    const { id, experimentId, tags } = await onlyRun(client, experiment, runId);
    const parents = all.filter((run) => run.tags['tass.kind'] === 'sweep');
    expect(parents.map((parent) => parent.id)).toEqual(hasParent ? [tags['mlflow.parentRunId']] : []);
    await expectPointsOfJournal(client, folder, id);
    const stored = await storedRun(client, id);
    expect(stored.info.status).toBe('FINISHED');
    expect(stored.inputs).toHaveLength(2);
    const models = await modelsOf(client, experimentId);
    expect(models.map(({ info }) => info.status)).toEqual(['LOGGED_MODEL_READY']);
    expect(stored.models.map(({ model_id }) => model_id)).toEqual(models.map(({ info }) => info.model_id));
    expect(Object.keys(await artifactsOn(client, id))).toHaveLength(6);
  }
});
