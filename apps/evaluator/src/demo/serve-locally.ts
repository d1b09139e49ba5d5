import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Reply {
  readonly status: number;
  readonly type: 'text/html' | 'application/json' | 'text/plain';
  readonly body: string;
}

export interface LocalServer {
  readonly address: string; // of its first page, with the token
  close(): void;
}

/** `path` follows the token. `gone` aborts when the browser stops waiting. */
export type Answerer = (request: IncomingMessage, path: string, query: URLSearchParams, gone: AbortSignal) => Promise<Reply>;

/** Other names for this machine may belong to a web page that wants to read this server's pages (DNS rebinding). */
const OWN_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

const HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "frame-ancestors 'self'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
} as const;

/**
 * Serves only browsers on this machine: listens on the loopback addresses, and answers only requests that name one of them as host and
 * whose path begins with a random token that no other page in the browser knows. Throws Error if the port is in use.
 */
export async function serveLocally(answer: Answerer, port: number): Promise<LocalServer> {
  const token = randomBytes(24).toString('base64url');
  const respond = (request: IncomingMessage, response: ServerResponse): void =>
    void replyTo(request, response, token, answer).then(({ status, type, body }) => {
      const isRead = request.complete || request.method === 'GET';
      response.writeHead(status, { ...HEADERS, 'Content-Type': `${type}; charset=utf-8`, ...(isRead ? {} : { Connection: 'close' }) });
      response.end(body);
    });
  const first = await listening(respond, '127.0.0.1', port).catch((error) => refuse(error, port));
  const own = (first.address() as AddressInfo).port;
  const servers = [first, ...(await listening(respond, '::1', own).then((second) => [second], () => []))]; // prettier-ignore
  return {
    address: `http://127.0.0.1:${own}/${token}/`,
    close: () =>
      servers.forEach((server) => {
        server.close();
        server.closeAllConnections();
      }),
  };
}

async function replyTo(request: IncomingMessage, response: ServerResponse, token: string, answer: Answerer): Promise<Reply> {
  if (!OWN_HOST.test(request.headers.host ?? '')) return refused(403, 'This server answers only by the name 127.0.0.1 or localhost.');
  const [path, query = ''] = (request.url ?? '').split('?', 2);
  const [, given, ...rest] = path.split('/');
  if (!isEqual(given ?? '', token) || rest.length === 0)
    return refused(404, 'Not found. Open the whole address that the program has printed.');
  if (request.method !== 'GET' && request.method !== 'POST') return refused(405, 'Not allowed.');
  const gone = new AbortController();
  response.once('close', () => gone.abort(new Error('the browser has gone')));
  try {
    return await answer(request, rest.join('/'), new URLSearchParams(query), gone.signal);
  } catch (error) {
    console.error(error);
    return refused(500, 'The program has failed; its terminal shows where.');
  }
}

export const refused = (status: number, why: string): Reply => ({ status, type: 'text/plain', body: `${why}\n` });

const isEqual = (given: string, token: string): boolean =>
  Buffer.byteLength(given) === Buffer.byteLength(token) && timingSafeEqual(Buffer.from(given), Buffer.from(token));

function listening(respond: (request: IncomingMessage, response: ServerResponse) => void, host: string, port: number) {
  const server = createServer(respond);
  return new Promise<typeof server>((resolve, reject) => server.once('error', reject).listen(port, host, () => resolve(server)));
}

function refuse({ code, message }: NodeJS.ErrnoException, port: number): never {
  const why = code === 'EADDRINUSE' ? 'another program uses it' : message;
  throw new Error(`port ${port} cannot be used: ${why}. Without --port, the program chooses a free port`);
}
