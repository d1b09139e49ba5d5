import { LoopbackProxy } from '@tass/testing';
import { connectionTo, proxyRefusal } from './connection';

const proxies: LoopbackProxy[] = [];
const before = { ...process.env };
const names = ['http_proxy', 'https_proxy', 'no_proxy'].flatMap((name) => [name, name.toUpperCase()]);
beforeEach(() => names.forEach((name) => delete process.env[name]));
afterEach(() => {
  for (const name of names) delete process.env[name];
  Object.assign(process.env, before);
  for (const proxy of proxies.splice(0)) proxy.stop();
});

async function started(status = 200): Promise<LoopbackProxy> {
  proxies.push(await LoopbackProxy.start({ status }));
  return proxies.at(-1)!;
}
const ask = (address: string, init?: RequestInit) => connectionTo(address).fetch(address, init);

it.each(['http_proxy', 'HTTP_PROXY'])('asks the proxy that %s names, HOST:PORT too, and signs in there', async (name) => {
  const { host, asked } = await started();
  process.env[name] = host;
  await ask('http://server.invalid:5000/lab');
  process.env[name] = `http://me:hunter2@${host}/`;
  await ask('http://server.invalid:5000');
  expect(connectionTo('http://server.invalid').proxy).toBe(host);
  expect(asked).toEqual([
    'GET http://server.invalid:5000/lab',
    `GET http://server.invalid:5000/ Basic ${Buffer.from('me:hunter2').toString('base64')}`,
  ]);
});

it.each(['https_proxy', 'HTTPS_PROXY'])('has a tunnel made by the proxy that %s names', async (name) => {
  const { host, asked } = await started();
  process.env[name] = `http://${host}`;
  const error = await ask('https://server.invalid').catch((reason: unknown) => reason);
  expect(proxyRefusal(error)).toEqual({ status: 403, reason: 'the proxy answers 403' });
  expect(asked).toEqual(['CONNECT server.invalid:443']);
});

it.each(['http', 'https'])('says how to sign in to a proxy that refuses a request without it: %s', async (protocol) => {
  process.env[`${protocol}_proxy`] = (await started(407)).host;
  const error = await ask(`${protocol}://server.invalid`).catch((reason: unknown) => reason);
  expect(proxyRefusal(error)?.reason).toMatch(/^the proxy answers 407. It requires a user name and password: http_proxy=http:/);
});

it('sends files through it', async () => {
  const { host, asked } = await started();
  process.env.http_proxy = `http://${host}`;
  await ask('http://server.invalid/x', { method: 'PUT', body: new Uint8Array(3e6) });
  expect(asked).toEqual(['PUT http://server.invalid/x']);
});

it.each([
  ['no_proxy names its host', { http_proxy: 'PROXY', no_proxy: 'elsewhere, server.invalid' }],
  ['NO_PROXY names its domain', { http_proxy: 'PROXY', NO_PROXY: '.invalid' }],
  ['it is for https only', { https_proxy: 'PROXY', HTTPS_PROXY: 'PROXY' }],
  ['it is set to nothing', { http_proxy: '', HTTP_PROXY: ' ' }],
])('asks no proxy where %s', async (_, variables) => {
  const { host, asked } = await started();
  for (const [name, value] of Object.entries(variables)) process.env[name] = value.replace('PROXY', `http://${host}`);
  const error = await ask('http://server.invalid').catch((reason: unknown) => reason); // there is no such host
  expect([error instanceof Response, proxyRefusal(error)]).toEqual([false, undefined]);
  expect(asked).toEqual([]);
});

it('asks none for a server of this machine', async () => {
  const [proxy, server] = [await started(), await started()];
  for (const name of names.slice(0, 4)) process.env[name] = `http://${proxy.host}`;
  for (const host of [server.host, server.host.replace('127.0.0.1', 'localhost')]) await ask(`http://${host}`);
  expect([proxy.asked.length, server.asked.length]).toEqual([0, 2]);
  for (const uri of ['http://[::1]:5000', 'http://127.3.2.1', 'https://a.localhost']) expect(connectionTo(uri).proxy).toBeUndefined();
});

it('refuses a variable that holds no address of a proxy', () => {
  process.env.http_proxy = 'socks5://me:hunter2@proxy:1080';
  expect(() => connectionTo('http://server.invalid')).toThrow(
    'http_proxy=socks5://proxy:1080 is not the address of a proxy, expected one as http://HOST:PORT',
  );
});
