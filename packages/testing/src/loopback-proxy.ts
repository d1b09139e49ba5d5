import { createServer, request as requestOf, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A proxy on this machine. It makes no tunnels; a plain request it answers with `status` and `{}`, or passes on to another server. */
export class LoopbackProxy {
  readonly asked: string[] = []; // method, address and the user who signs in of each request
  private readonly server = createServer((request, response) => this.answer(request, response));

  private constructor(
    private readonly status: number,
    private readonly passTo: string | undefined, // origin
  ) {
    this.server.on('connect', (request, socket) => {
      this.asked.push(`CONNECT ${request.url}`);
      socket.end(`HTTP/1.1 ${status === 200 ? '403 Forbidden' : `${status} No`}\r\n\r\n`);
    });
  }

  static async start({ status = 200, passTo }: { status?: number; passTo?: string } = {}): Promise<LoopbackProxy> {
    const proxy = new LoopbackProxy(status, passTo);
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** HOST:PORT */
  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { method, url = '', headers } = request;
    this.asked.push([method, url, headers['proxy-authorization'] ?? []].flat().join(' '));
    if (this.passTo === undefined) return void response.writeHead(this.status).end('{}');
    const passed = requestOf(new URL(new URL(url).pathname, this.passTo), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    request.pipe(passed);
  }
}
