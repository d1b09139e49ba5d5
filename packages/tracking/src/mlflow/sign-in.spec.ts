import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onlyRun, storedRun } from '../fixtures/on-server';
import { needsMlflow, withMlflow } from '@tass/testing';
import { SpecServer } from '../fixtures/mlflow';
import { SpecRuns } from '../fixtures/runs';
import { MlflowClient, type ClientOptions } from './client';
import { mlflowServer } from './server';
import { syncRun } from './sync-run';

const password = 'correct horse battery staple';
const encoded = Buffer.from(`admin:${password}`).toString('base64');

withMlflow(`a server that one has to sign in to ${needsMlflow}`, () => {
  let server: SpecServer;
  let runs: SpecRuns;
  beforeAll(async () => {
    const environment = { MLFLOW_FLASK_SERVER_SECRET_KEY: 'key', MLFLOW_AUTH_ADMIN_PASSWORD: password };
    server = await SpecServer.start({ words: ['--app-name', 'basic-auth'], environment });
  });
  afterAll(() => server?.stop());
  beforeEach(() => (runs = new SpecRuns()));
  afterEach(() => runs.remove());
  const clientAs = (environment: NodeJS.ProcessEnv, options: ClientOptions = {}) =>
    new MlflowClient(mlflowServer(server.uri, environment)!, options);

  it('takes a run of who signs in, and their password is nowhere', async () => {
    const client = clientAs({ MLFLOW_TRACKING_USERNAME: 'admin', MLFLOW_TRACKING_PASSWORD: password });
    const run = runs.create();
    runs.epoch(run, 1);
    expect(await syncRun(run.folder, client)).toMatchObject({ lines: 1, files: 2, left: [] });
    const { id } = await onlyRun(client, 'quickstart', run.manifest.id);
    const stored = JSON.stringify(await storedRun(client, id));
    const files = readdirSync(run.folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const kept = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8')).join('\n');
    expect(kept).toMatch(server.uri);
    for (const secret of [password, encoded]) expect(`${stored}${kept}`).not.toContain(secret);
  });

  it.each<[string, NodeJS.ProcessEnv, string]>([
    ['nobody', {}, 'was refused: 401 You are not authenticated'],
    [
      'a wrong password',
      { MLFLOW_TRACKING_USERNAME: 'admin', MLFLOW_TRACKING_PASSWORD: 'wrong wrong' },
      'The server does not accept the credentials in ',
    ],
    ['a token that the server does not accept', { MLFLOW_TRACKING_TOKEN: 'abcdefgh' }, 'The server does not accept the credentials in '],
  ])('refuses %s at once, and says what to do', async (_, environment, message) => {
    const run = runs.create();
    const refusal = await syncRun(run.folder, clientAs(environment, { patienceSeconds: 3600 })).catch((error: Error) => error.message);
    expect(refusal).toMatch(message);
    expect(refusal).toMatch('MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN');
    expect(refusal).not.toMatch(/wrong wrong|abcdefgh/);
    expect(readdirSync(run.folder)).not.toContain('mlflow.lock');
  });
});
