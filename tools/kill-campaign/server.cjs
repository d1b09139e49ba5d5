const { spawn } = require('node:child_process');
const { mkdirSync, openSync } = require('node:fs');
const { createServer: createHttpServer, request: httpRequest } = require('node:http');
const { createServer } = require('node:net');
const path = require('node:path');

/** A real MLflow server with its data in a folder, behind a proxy that can refuse files. Both may be killed and started again at the same addresses. */
class Server {
  refusesFiles = false;
  refusals = 0;
  isReady = false; // it answers

  constructor(folder) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    this.log = openSync(path.join(folder, 'log.txt'), 'a');
  }

  async start() {
    this.port ??= await freePort();
    this.proxyPort ??= await freePort();
    this.uri = `http://127.0.0.1:${this.proxyPort}`; // for clients
    this.ownUri = `http://127.0.0.1:${this.port}`;
    const words = [
      ...['server', '--backend-store-uri', `sqlite:///${this.folder}/mlflow.db`, '--artifacts-destination', `${this.folder}/artifacts`],
      ...['--host', '127.0.0.1', '--port', String(this.port), '--workers', '1'],
    ];
    const env = {
      ...process.env,
      MLFLOW_DISABLE_TELEMETRY: 'true',
      MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
      MLFLOW_SQLALCHEMYSTORE_POOL_SIZE: '64',
    };
    const server = (this.process = spawn(process.env.TASS_MLFLOW ?? 'mlflow', words, {
      detached: true,
      env,
      stdio: ['ignore', this.log, this.log],
    }));
    server.once('error', ({ message }) => console.error(`mlflow cannot be started (${message}). Set TASS_MLFLOW to the program`));
    this.proxy = createHttpServer((request, response) => this.pass(request, response)).listen(this.proxyPort, '127.0.0.1');
    this.isUp = true;
    for (const begun = Date.now(); Date.now() - begun < 600_000;) {
      this.isReady = await fetch(`${this.ownUri}/health`).then(({ ok }) => ok, () => false); // prettier-ignore
      if (this.isReady) return;
      if (server.exitCode !== null || server.signalCode !== null) break;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    throw new Error(`the MLflow server did not start, see ${this.folder}/log.txt`);
  }

  /** With its children and its proxy, at once. */
  kill() {
    if (!this.isUp) return;
    this.isUp = this.isReady = false;
    this.proxy.close();
    this.proxy.closeAllConnections();
    try {
      process.kill(-this.process.pid, 'SIGKILL');
    } catch {
      return; // it has ended by itself
    }
  }

  /** Begins to start again what was killed. */
  startAgain() {
    this.starting = this.start();
    this.starting.catch(() => undefined); // thrown by whoever waits for it
  }

  async untilReady() {
    if (!this.isUp) this.startAgain();
    await this.starting;
  }

  async post(endpoint, body) {
    const answer = await fetch(`${this.ownUri}/api/2.0/mlflow/${endpoint}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return answer.json();
  }

  async get(endpoint, query) {
    const answer = await fetch(`${this.ownUri}/api/2.0/mlflow/${endpoint}?${new URLSearchParams(query)}`);
    return answer.json();
  }

  /** A file of a run; undefined if the server has none of that name. */
  async file(artifactUri, name) {
    const place = artifactUri.replace(/^mlflow-artifacts:\/*/, '');
    const answer = await fetch(`${this.ownUri}/api/2.0/mlflow-artifacts/artifacts/${place}/${name}`);
    return answer.ok ? Buffer.from(await answer.arrayBuffer()) : undefined;
  }

  /** Hands a request on, unless it brings a file while files are refused. A server that is gone breaks the connection off. */
  pass(request, response) {
    const { method, url, headers } = request;
    if (this.refusesFiles && method === 'PUT' && url.includes('/mlflow-artifacts/')) {
      this.refusals++;
      request.resume();
      response.writeHead(500).end('{"error_code":"INTERNAL_ERROR","message":"no space left on device"}');
      return;
    }
    const onward = httpRequest(this.ownUri + url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
      answer.on('error', () => request.socket.destroy());
    });
    onward.on('error', () => request.socket.destroy());
    request.on('error', () => onward.destroy());
    request.pipe(onward);
  }
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

module.exports = { Server };
