import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { draws, FaultProxy, faults } from '../fixtures/fault-proxy';
import { artifactsOn, expectPointsOfJournal, modelsOf, onlyRun, runsOf, storedRun } from '../fixtures/on-server';
import { needsMlflow, SpecServer, withMlflow } from '../fixtures/mlflow';
import { SpecRuns } from '../fixtures/runs';
import { MlflowClient, type ClientOptions } from './client';
import { isPassing } from './mlflow-error';
import { mlflowServer } from './server';
import { syncRun } from './sync-run';

withMlflow(`syncRun through faults ${needsMlflow}`, () => {
  let server: SpecServer;
  let runs: SpecRuns;
  let proxy: FaultProxy | undefined;
  beforeAll(async () => (server = await SpecServer.start()), 200_000);
  afterAll(() => server?.stop(), 30_000);
  beforeEach(() => (runs = new SpecRuns()));
  afterEach(async () => {
    runs.remove();
    await proxy?.stop();
    proxy = undefined;
  });
  const clientOf = (uri: string, options: ClientOptions = {}) => new MlflowClient(mlflowServer(uri, {})!, options);
  const sweep = { id: '20251123-120000-ab', folder: '.' };

  it.each(faults)(
    'makes one of everything when each request meets it first: %s',
    async (fault) => {
      const met = new Set<string>();
      proxy = await FaultProxy.start(server.uri, (request) => {
        if (met.has(request)) return undefined;
        met.add(request);
        return fault;
      });
      const experiment = `each ${fault}`;
      const run = runs.create({ experiment, sweep: { ...sweep, experiment } });
      runs.epoch(run, 1);
      runs.finish(run);
      const slow = fault === 'slow';
      const client = clientOf(proxy.uri, { timeoutSeconds: fault === 'hang' ? 1 : 10, patienceSeconds: 20 });
      expect(await syncRun(run.folder, client)).toMatchObject({ state: 'FINISHED', left: [], lines: 1 });
      expect(proxy.done.get(fault)).toBeGreaterThan(10);
      expect(proxy.done.get('none') ?? 0).toBeGreaterThan(slow ? 0 : 10);
      await expectAllOnce(experiment, run.manifest.id, run.folder);
    },
    60_000,
  );

  it.each([11, 12, 13])(
    'loses and doubles nothing under random faults and impatient calls (seed %i)',
    async (seed) => {
      const random = draws(seed);
      proxy = await FaultProxy.start(server.uri, () => (random() < 0.35 ? faults[Math.floor(random() * faults.length)] : undefined));
      const experiment = `random ${seed}`;
      const run = runs.create({ experiment, sweep: { ...sweep, experiment } });
      const client = clientOf(proxy.uri, { timeoutSeconds: 1, patienceSeconds: 0.5 });
      let failures = 0;
      const send = async (): Promise<void> => {
        for (;;) {
          if (random() < 0.1) rmSync(join(run.folder, 'mlflow.json'), { force: true });
          try {
            return void (await syncRun(run.folder, client));
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
      expect(failures).toBeGreaterThan(3);
      await expectAllOnce(experiment, run.manifest.id, run.folder);
    },
    120_000,
  );

  it('goes on where it was when the server is killed and started again meanwhile', async () => {
    const run = runs.create({ experiment: 'power' });
    for (let epoch = 1; epoch <= 4000; epoch++) run.journal.append({ step: epoch, epoch, values: { a: epoch } });
    run.journal.commit();
    runs.finish(run);
    const sending = syncRun(run.folder, server.client({ patienceSeconds: 120 }));
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
  }, 200_000);

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
