const { spawn } = require('node:child_process');
const { mkdirSync, openSync } = require('node:fs');
const { createServer } = require('node:net');
const path = require('node:path');

/** A real MLflow server with its data in a folder; it may be killed and started again at the same address. */
class Server {
  constructor(folder) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    this.log = openSync(path.join(folder, 'log.txt'), 'a');
  }

  async start() {
    this.port ??= await freePort();
    this.uri = `http://127.0.0.1:${this.port}`;
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
    this.process = spawn(process.env.TASS_MLFLOW ?? 'mlflow', words, { detached: true, env, stdio: ['ignore', this.log, this.log] });
    this.process.once('error', ({ message }) => console.error(`mlflow cannot be started (${message}). Set TASS_MLFLOW to the program`));
    this.isUp = true;
    for (const begun = Date.now(); Date.now() - begun < 120_000;) {
      if (await fetch(`${this.uri}/health`).then(({ ok }) => ok, () => false)) return; // prettier-ignore
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    throw new Error(`the MLflow server does not answer, see ${this.folder}/log.txt`);
  }

  /** With its children, at once. */
  kill(signal = 'SIGKILL') {
    if (!this.isUp) return;
    this.isUp = false;
    try {
      process.kill(-this.process.pid, signal);
    } catch {
      return; // it has ended by itself
    }
  }

  async restart() {
    if (!this.isUp) await this.start();
  }

  async stop() {
    this.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 3000));
  }

  async post(endpoint, body) {
    const answer = await fetch(`${this.uri}/api/2.0/mlflow/${endpoint}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return answer.json();
  }

  async get(endpoint, query) {
    const answer = await fetch(`${this.uri}/api/2.0/mlflow/${endpoint}?${new URLSearchParams(query)}`);
    return answer.json();
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
