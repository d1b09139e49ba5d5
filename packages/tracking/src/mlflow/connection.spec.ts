import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MlflowClient } from './client';
import { connectionTo } from './connection';
import { mlflowServer } from './server';

const servers: Server[] = [];
const before = { ...process.env };
const names = ['http_proxy', 'https_proxy', 'no_proxy'].flatMap((name) => [name, name.toUpperCase()]);
beforeEach(() => names.forEach((name) => delete process.env[name]));
afterEach(() => {
  for (const name of names) delete process.env[name];
  Object.assign(process.env, before);
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A proxy, or server, that answers for all others; `asked` keeps method, address and user of each request. */
async function listening(status = 200): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push([request.method, request.url, request.headers['proxy-authorization'] ?? []].flat().join(' '));
    response.writeHead(status).end('{}');
  });
  server.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, asked };
}
const clientOf = (uri: string) => new MlflowClient(mlflowServer(uri, {})!, { patienceSeconds: 0, timeoutSeconds: 10 });
const search = '/api/2.0/mlflow/experiments/search';

it.each(['http_proxy', 'HTTP_PROXY'])('asks the proxy that %s names, HOST:PORT too, and signs in there', async (name) => {
  const { port, asked } = await listening();
  process.env[name] = `127.0.0.1:${port}`;
  await clientOf('http://mlflow.invalid:5000/lab').check();
  process.env[name] = `http://me:hunter2@127.0.0.1:${port}/`;
  await clientOf('http://mlflow.invalid:5000').check();
  expect(asked).toEqual([
    `POST http://mlflow.invalid:5000/lab${search}`,
    `POST http://mlflow.invalid:5000${search} Basic ${Buffer.from('me:hunter2').toString('base64')}`,
  ]);
});

it.each(['https_proxy', 'HTTPS_PROXY'])(
  'has a tunnel made by the proxy that %s names, and names it where that is refused',
  async (name) => {
    const { port, asked } = await listening();
    process.env[name] = `http://127.0.0.1:${port}`;
    await expect(clientOf('https://mlflow.invalid').check()).rejects.toThrow(
      `POST https://mlflow.invalid${search} through the proxy 127.0.0.1:${port}: `,
    );
    expect(asked).toEqual(['CONNECT mlflow.invalid:443']);
  },
);

it('sends files through it', async () => {
  const { port, asked } = await listening();
  process.env.http_proxy = `http://127.0.0.1:${port}`;
  await clientOf('http://mlflow.invalid').upload('1/x', new Uint8Array(3e6));
  expect(asked).toEqual(['PUT http://mlflow.invalid/api/2.0/mlflow-artifacts/artifacts/1/x']);
});

it.each([
  ['no_proxy names its host', { http_proxy: 'PROXY', no_proxy: 'elsewhere, mlflow.invalid' }],
  ['NO_PROXY names its domain', { http_proxy: 'PROXY', NO_PROXY: '.invalid' }],
  ['it is for https only', { https_proxy: 'PROXY', HTTPS_PROXY: 'PROXY' }],
  ['it is set to nothing', { http_proxy: '', HTTP_PROXY: ' ' }],
])('asks no proxy where %s', async (_, variables) => {
  const { port, asked } = await listening();
  for (const [name, value] of Object.entries(variables)) process.env[name] = value.replace('PROXY', `http://127.0.0.1:${port}`);
  await expect(clientOf('http://mlflow.invalid').check()).rejects.toThrow(/^POST http:\/\/mlflow\.invalid\S*: /); // there is no such host
  expect(asked).toEqual([]);
});

it('asks none for a server of this machine', async () => {
  const [proxy, server] = [await listening(), await listening()];
  for (const name of names.slice(0, 4)) process.env[name] = `http://127.0.0.1:${proxy.port}`;
  for (const host of ['127.0.0.1', 'localhost']) await clientOf(`http://${host}:${server.port}`).check();
  expect([proxy.asked.length, server.asked.length]).toEqual([0, 2]);
  for (const uri of ['http://[::1]:5000', 'http://127.3.2.1', 'https://a.localhost']) expect(connectionTo(uri).proxy).toBeUndefined();
});

it('names a proxy that is not there, one that wants a user, and an address that is none', async () => {
  process.env.http_proxy = 'http://127.0.0.1:1';
  await expect(clientOf('http://mlflow.invalid').check()).rejects.toThrow('through the proxy 127.0.0.1:1: nothing listens there');
  process.env.http_proxy = `http://127.0.0.1:${(await listening(407)).port}`;
  await expect(clientOf('http://mlflow.invalid').check()).rejects.toThrow('The proxy wants to know the user');
  process.env.http_proxy = 'socks5://me:hunter2@proxy:1080';
  expect(() => clientOf('http://mlflow.invalid')).toThrow(
    'http_proxy=socks5://proxy:1080 is not the address of a proxy, expected one as http://HOST:PORT',
  );
});
