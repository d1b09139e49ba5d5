import { LoopbackProxy } from '@tass/testing';
import { MlflowClient } from './client';
import { MlflowError } from './mlflow-error';
import { mlflowServer } from './server';

const before = { ...process.env };
const names = ['http_proxy', 'https_proxy', 'no_proxy'].flatMap((name) => [name, name.toUpperCase()]);
let proxy: LoopbackProxy | undefined;
beforeEach(() => names.forEach((name) => delete process.env[name]));
afterEach(() => {
  for (const name of names) delete process.env[name];
  Object.assign(process.env, before);
  proxy?.stop();
});
const clientOf = (uri: string) => new MlflowClient(mlflowServer(uri, {})!, { patienceSeconds: 0, timeoutSeconds: 10 });
const search = '/api/2.0/mlflow/experiments/search';

it('asks through the proxy of the environment, and sends files through it', async () => {
  proxy = await LoopbackProxy.start();
  process.env.http_proxy = proxy.host;
  await clientOf('http://mlflow.invalid:5000/lab').check();
  await clientOf('http://mlflow.invalid').upload('1/x', new Uint8Array(3e6));
  expect(proxy.asked).toEqual([
    `POST http://mlflow.invalid:5000/lab${search}`,
    'PUT http://mlflow.invalid/api/2.0/mlflow-artifacts/artifacts/1/x',
  ]);
});

it('names a proxy that makes no tunnel, one that is not there, one that requires a user, and a variable without an address', async () => {
  proxy = await LoopbackProxy.start({ status: 407 });
  process.env.https_proxy = `http://${proxy.host}`;
  await expect(clientOf('https://mlflow.invalid').check()).rejects.toThrow(
    `POST https://mlflow.invalid${search} through the proxy ${proxy.host}: the proxy answers 407. It requires a user name and password`,
  );
  process.env.http_proxy = 'http://127.0.0.1:1';
  await expect(clientOf('http://mlflow.invalid').check()).rejects.toThrow('through the proxy 127.0.0.1:1: nothing listens there');
  process.env.http_proxy = `http://${proxy.host}`;
  await expect(clientOf('http://mlflow.invalid').check()).rejects.toThrow('the proxy answers 407. It requires');
  process.env.http_proxy = 'socks5://proxy:1080';
  expect(() => clientOf('http://mlflow.invalid')).toThrow(MlflowError);
  expect(() => clientOf('http://mlflow.invalid')).toThrow('http_proxy=socks5://proxy:1080 is not the address of a proxy');
});
