import { mlflowServer } from './server';

const given = (uri: string) => () => mlflowServer(uri, {});

it('takes an address from the environment before the settings, with a path before MLflow', () => {
  const environment = { MLFLOW_TRACKING_URI: 'https://example.org:8443/team/mlflow/' };
  expect(mlflowServer('http://127.0.0.1:5000', environment)?.uri).toBe('https://example.org:8443/team/mlflow');
  expect(mlflowServer('http://127.0.0.1:5000', { MLFLOW_TRACKING_URI: '' })?.uri).toBe('http://127.0.0.1:5000');
  expect(mlflowServer('http://[::1]:5000/', {})?.uri).toBe('http://[::1]:5000');
  expect([mlflowServer(undefined, {}), mlflowServer(null, {}), mlflowServer('', {})]).toEqual([undefined, undefined, undefined]);
});

it.each([
  [
    'sqlite:///mlflow.db',
    'tracking.uri of the settings: sqlite:///mlflow.db is not the address of a server, expected one as http://127.0.0.1:5000',
  ],
  ['file:///data/mlruns', 'npx nx run tracking:serve --folder=FOLDER'],
  ['./mlruns', './mlruns is not the address of a server'],
  ['127.0.0.1:5000', '127.0.0.1:5000 is not the address of a server'],
  ['localhost:5000', 'localhost:5000 is not the address of a server'],
  ['databricks', 'a Databricks workspace is not supported'],
  ['databricks://profile', 'a Databricks workspace is not supported'],
  ['http://', 'http:// has no host'],
  ['http:///path', 'http:///path has no host'],
  ['http://host:port', 'http://host:port has no host or an invalid port'],
  ['http://host:99999', 'or an invalid port'],
  ['http://host/?a=b', 'the address http://host/ is followed by ? or #'],
])('refuses %s', (uri, message) => expect(given(uri)).toThrow(message));

it('refuses credentials in the address without showing them', () => {
  for (const uri of ['http://me:hunter2@host:5000', 'postgresql://me:hunter2@host/db', 'http://me:hunter2@host:port']) {
    expect(given(uri)).toThrow(/^tracking\.uri of the settings: (?!.*hunter2)/);
  }
  expect(given('http://me:hunter2@host:5000')).toThrow('Remove them and set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD');
});

it('takes credentials from the environment: a token, or user and password', () => {
  const uri = 'http://host';
  const both = { MLFLOW_TRACKING_USERNAME: 'me', MLFLOW_TRACKING_PASSWORD: 'pä:ss' };
  expect(mlflowServer(uri, {})?.authorization).toBeUndefined();
  expect(mlflowServer(uri, both)?.authorization).toBe(`Basic ${Buffer.from('me:pä:ss').toString('base64')}`);
  expect(mlflowServer(uri, { ...both, MLFLOW_TRACKING_TOKEN: 'abc' })?.authorization).toBe('Bearer abc');
  expect(() => mlflowServer(uri, { MLFLOW_TRACKING_USERNAME: 'me' })).toThrow(
    'MLFLOW_TRACKING_USERNAME is set and MLFLOW_TRACKING_PASSWORD is not. Set both or none',
  );
});
