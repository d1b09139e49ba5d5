import { artifactsOn, expectPointsOfJournal, modelsOf, onlyRun, storedRun } from '../fixtures/on-server';
import { FaultProxy, type Fault } from '../fixtures/fault-proxy';
import { needsMlflow, withMlflow } from '@tass/testing';
import { SpecServer } from '../fixtures/mlflow';
import { SpecRuns } from '../fixtures/runs';
import type { Run } from '../run';
import { MlflowClient } from './client';
import { mlflowServer } from './server';
import { syncRun } from './sync-run';

const files = 'config.yaml, manifest.json, metrics.jsonl, predictions-test.jsonl, report.md, report.json';

withMlflow(`an endpoint that fails for good keeps no other back ${needsMlflow}`, () => {
  let server: SpecServer;
  let proxy: FaultProxy;
  let runs: SpecRuns;
  let faultOf: (request: string) => Fault | undefined;
  beforeAll(async () => {
    server = await SpecServer.start();
    proxy = await FaultProxy.start(server.uri, (request) => faultOf(request));
  });
  afterAll(async () => {
    await proxy?.stop();
    await server?.stop();
  });
  beforeEach(() => (runs = new SpecRuns()));
  afterEach(() => runs.remove());

  const client = () => new MlflowClient(mlflowServer(proxy.uri, {})!, { patienceSeconds: 2 });
  const finished = (experiment: string): Run => {
    const run = runs.create({ experiment });
    runs.epoch(run, 1);
    runs.finish(run);
    return run;
  };
  /** Status and metrics are there; returns the names of the files that are. */
  const expectFigures = async ({ manifest, folder }: Run): Promise<string[]> => {
    const { id } = await onlyRun(server.client(), manifest.experiment, manifest.id);
    expect((await storedRun(server.client(), id)).info.status).toBe('FINISHED');
    await expectPointsOfJournal(server.client(), folder, id);
    return Object.keys(await artifactsOn(server.client(), id)).sort();
  };

  it('500 on every file: the rest is there, the files are named, and come once they are taken', async () => {
    faultOf = (request) => (request.includes('mlflow-artifacts') ? 'status 500' : undefined);
    const run = finished('artifacts');
    const { state, lines, files: sent, left, mayPass } = await syncRun(run.folder, client());
    expect([state, lines, sent, mayPass]).toEqual(['FINISHED', 1, 0, true]);
    expect(left).toEqual([
      expect.stringMatching(new RegExp(`^${files}: PUT \\S*/config\\.yaml was refused: 500 boom$`)),
      expect.stringMatching(/^model: PUT \S* was refused: 500 boom$/),
    ]);
    expect(await expectFigures(run)).toEqual([]);
    faultOf = () => undefined;
    expect(await syncRun(run.folder, client())).toMatchObject({ lines: 0, files: 6, left: [] });
    expect(await expectFigures(run)).toHaveLength(6);
  });

  it('413 on one file and on the model: names the limit of the proxy', async () => {
    faultOf = (request) => (/predictions-test|best\.safetensors/.test(request) ? 'status 413' : undefined);
    const run = finished('large');
    const { left, mayPass } = await syncRun(run.folder, client());
    expect(left).toEqual([
      expect.stringMatching(
        /^predictions-test\.jsonl: PUT .* 413 .* accepts no request of 1 kB: raise its limit \(nginx: client_max_body_size\)$/,
      ),
      expect.stringMatching(/^model: PUT .*best\.safetensors was refused: 413 /),
    ]);
    expect(mayPass).toBe(false);
    expect(await expectFigures(run)).toHaveLength(5);
  });

  it.each<[string, string, Fault, number]>([
    ['the datasets', 'runs/log-inputs', 'status 500', 1],
    ['the models', 'logged-models', 'status 500', 0],
    ['the models, in other types', 'logged-models', 'other types', 0],
  ])('%s', async (experiment, endpoint, fault, models) => {
    faultOf = (request) => (request.includes(endpoint) ? fault : undefined);
    const run = finished(experiment);
    const { left } = await syncRun(run.folder, client());
    expect(left).toHaveLength(1);
    expect(await expectFigures(run)).toHaveLength(6);
    const { experimentId } = await onlyRun(server.client(), experiment, run.manifest.id);
    expect(await modelsOf(server.client(), experimentId)).toHaveLength(models);
  });

  it('other types of JSON everywhere: says what answered what', async () => {
    faultOf = () => 'other types';
    const { folder } = finished('types');
    await expect(syncRun(folder, client())).rejects.toThrow(
      `GET ${proxy.uri}/api/2.0/mlflow/experiments/get-by-name answered {"experiment":[],"run":7,"runs":{"info":{}},"models":"none"}, ` +
        `which holds no experiment_id. Is ${proxy.uri} the address of an MLflow 3 server?`,
    );
  });
});
