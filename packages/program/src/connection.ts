import { createRequire } from 'node:module';
import { isLeftOut } from './no-proxy';

const load = createRequire(__filename); // undici is loaded only if there is a proxy

/** How a server is reached. */
export interface Connection {
  readonly fetch: typeof fetch;
  readonly proxy: string | undefined; // without user name and password
}

const opened = new Map<string | undefined, Connection>(); // by the proxy

/**
 * The connection to a server: through the proxy in `http_proxy` or `https_proxy`, by the server's scheme and in lower or upper case, unless
 * `no_proxy` excludes the host; always direct to this machine. Throws an Error if the variable is not the address of a proxy.
 */
export function connectionTo(uri: string): Connection {
  const proxy = proxyFor(new URL(uri));
  const known = opened.get(proxy?.href);
  if (known) return known;
  const connection = proxy === undefined ? direct() : through(proxy);
  opened.set(proxy?.href, connection);
  return connection;
}

/** The answer of a proxy that refused a request, from `fetch`'s error; undefined for any other failure. */
export function proxyRefusal(error: unknown): { readonly status: number; readonly reason: string } | undefined {
  const { message = '', cause } = (error ?? {}) as Error;
  const status = Number(/^Proxy (?:response|Authentication Required) \((\d+)\)/.exec(message)?.[1]);
  if (Number.isNaN(status)) return cause ? proxyRefusal(cause) : undefined;
  const user = status === 407 ? '. It requires a user name and password: http_proxy=http://USER:PASSWORD@HOST:PORT, or https_proxy' : '';
  return { status, reason: `the proxy answers ${status}${user}` };
}

function proxyFor(server: URL): URL | undefined {
  const [name, given] = variable(server.protocol === 'https:' ? 'https_proxy' : 'http_proxy') ?? [];
  if (name === undefined || given === undefined || isLoopback(server.hostname)) return undefined;
  const [, noProxy = ''] = variable('no_proxy') ?? [];
  return isLeftOut(server, noProxy) ? undefined : checkedProxy(given, name);
}

/** No tunnel for http, because proxies usually allow tunnels to port 443 only. */
function through(proxy: URL): Connection {
  return { fetch: fetchBy(new (undici().ProxyAgent)({ uri: proxy.href, proxyTunnel: false })), proxy: proxy.host };
}

/** With its own dispatcher, because Node's may be configured to use proxies even for loopback. */
function direct(): Connection {
  const { NODE_USE_ENV_PROXY, NODE_OPTIONS = '' } = process.env;
  const isTold = NODE_USE_ENV_PROXY === '1' || /use-env-proxy/.test([NODE_OPTIONS, ...process.execArgv].join(' '));
  return { fetch: isTold ? fetchBy(new (undici().Agent)()) : fetch, proxy: undefined };
}

const undici = () => load('undici') as typeof import('undici');

function fetchBy(dispatcher: import('undici').Dispatcher): typeof fetch {
  const own = undici().fetch as unknown as (input: unknown, init: unknown) => Promise<Response>;
  return (input, init) => own(input, { ...init, dispatcher });
}

/** The name and value of the first spelling that is set. */
function variable(name: string): readonly [string, string] | undefined {
  const spelling = [name, name.toUpperCase()].find((one) => process.env[one]?.trim());
  return spelling === undefined ? undefined : [spelling, process.env[spelling]!.trim()];
}

const isLoopback = (host: string): boolean => /^(localhost|.*\.localhost|127(\.\d+){3}|0\.0\.0\.0|\[::1?\])$/i.test(host);

function checkedProxy(given: string, name: string): URL {
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `http://${given}`; // HOST:PORT, as curl accepts it
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.hostname) return url;
  throw new Error(`${name}=${given.replace(/^(.*\/\/)?.*@/, '$1')} is not the address of a proxy, expected one as http://HOST:PORT`);
}
