import { mostBytes } from '@tass/files';
import { connectionTo, type Connection } from '@tass/program';
import { answerError, networkError, readAnswer, type JsonObject } from './answer';
import { MlflowError } from './mlflow-error';
import { patiently, type Patience } from './patience';
import type { MlflowServer } from './server';

export interface ClientOptions {
  readonly timeoutSeconds?: number; // for one response, default 30
  readonly fileTimeoutSeconds?: number; // for sending or fetching one large file, default 600
  readonly patienceSeconds?: number; // how long to retry temporary faults, default 20
  readonly signal?: AbortSignal; // ends everything at once; its reason is thrown
}

interface Request {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly timeoutSeconds: number;
}

/** Extracts a value from a response; throws MlflowError through `unexpected` if it is missing. */
export type Reader<Result> = (answer: JsonObject) => Result;

const api = '/api/2.0/mlflow/';
const slowestUpload = 100_000; // bytes per second that the time limit of a file assumes
const longestAnswer = 64 * 2 ** 20; // bytes; the thread that reads it shares the memory of the training process
const artifactApi = '/api/2.0/mlflow-artifacts/artifacts/';

/**
 * A client of MLflow's REST API. It retries network errors, timeouts, 429, 5xx, a full connection pool (status 400) and responses that are
 * not JSON, and throws every other refusal at once. All errors are MlflowError.
 */
export class MlflowClient {
  private readonly timeoutSeconds: number;
  private readonly fileTimeoutSeconds: number;
  private readonly connection: Connection;
  readonly patience: Patience;

  constructor(
    readonly server: MlflowServer,
    private readonly options: ClientOptions = {},
  ) {
    const { timeoutSeconds = 30, fileTimeoutSeconds = 600, patienceSeconds = 20, signal } = options;
    this.timeoutSeconds = timeoutSeconds;
    this.fileTimeoutSeconds = fileTimeoutSeconds;
    this.patience = { seconds: patienceSeconds, signal };
    this.connection = connected(server);
  }

  /** The same client with another patience. */
  withPatience(patienceSeconds: number): MlflowClient {
    return new MlflowClient(this.server, { ...this.options, patienceSeconds });
  }

  get<Result>(endpoint: string, query: Readonly<Record<string, string>>, read: Reader<Result>): Promise<Result> {
    const path = `${api}${endpoint}?${new URLSearchParams(query)}`;
    return patiently(() => this.json({ method: 'GET', path, timeoutSeconds: this.timeoutSeconds }, read), this.patience);
  }

  /** For idempotent requests, which may be retried after a lost response. */
  post<Result>(endpoint: string, body: unknown, read: Reader<Result>): Promise<Result> {
    return patiently(() => this.postOnce(endpoint, body, read), this.patience);
  }

  /** For requests that create something; they are not retried. */
  postOnce<Result>(endpoint: string, body: unknown, read: Reader<Result>, method: 'POST' | 'PATCH' = 'POST'): Promise<Result> {
    return this.json({ method, path: api + endpoint, body: JSON.stringify(body), timeoutSeconds: this.timeoutSeconds }, read);
  }

  patch<Result>(endpoint: string, body: unknown, read: Reader<Result>): Promise<Result> {
    return patiently(() => this.postOnce(endpoint, body, read, 'PATCH'), this.patience);
  }

  delete(endpoint: string): Promise<void> {
    return patiently(
      () => this.json({ method: 'DELETE', path: api + endpoint, timeoutSeconds: this.timeoutSeconds }, () => undefined),
      this.patience,
    );
  }

  /** `place` is a path below the server's artifacts. */
  async upload(place: string, body: Uint8Array<ArrayBuffer>): Promise<void> {
    const timeoutSeconds = Math.min(Math.ceil(this.timeoutSeconds + body.length / slowestUpload), this.fileTimeoutSeconds);
    const request: Request = { method: 'PUT', path: artifactApi + escaped(place), body, timeoutSeconds };
    await patiently(() => this.json(request, () => undefined), this.patience);
  }

  /** Throws MlflowError if the file has more than `atMost` bytes. */
  async download(place: string, atMost: number = mostBytes.artifacts): Promise<Buffer> {
    const request: Request = { method: 'GET', path: artifactApi + escaped(place), timeoutSeconds: this.fileTimeoutSeconds };
    return patiently(async () => (await this.answer(request, atMost)).bytes, this.patience);
  }

  /** Checks once whether an MLflow server answers and accepts this user. Throws MlflowError. */
  async check(): Promise<void> {
    await this.postOnce('experiments/search', { max_results: 1 }, () => undefined);
  }

  private async json<Result>(request: Request, read: Reader<Result>): Promise<Result> {
    const { bytes, status } = await this.answer(request, longestAnswer);
    return readAnswer(bytes.toString('utf8'), read, { request: this.describe(request), status, server: this.server });
  }

  private async answer(request: Request, atMost: number): Promise<{ bytes: Buffer; status: number }> {
    const { method, path, body, timeoutSeconds } = request;
    const { signal } = this.patience;
    signal?.throwIfAborted();
    const timeout = AbortSignal.timeout(timeoutSeconds * 1000);
    const headers: Record<string, string> = { 'content-type': typeof body === 'string' ? 'application/json' : 'application/octet-stream' };
    if (this.server.authorization) headers.authorization = this.server.authorization;
    let bytes: Buffer;
    let response: Response;
    try {
      response = await this.connection.fetch(this.server.uri + path, {
        ...{ method, headers, body, redirect: 'manual' }, // a redirected POST would become a GET
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      bytes = await bytesOf(response, atMost, this.describe(request));
    } catch (error) {
      if (error instanceof MlflowError) throw error;
      signal?.throwIfAborted();
      throw networkError(this.describe(request), timeout.aborted ? `no answer within ${timeoutSeconds} s` : error, this.server);
    }
    if (response.status >= 200 && response.status < 300) return { bytes, status: response.status };
    const { status, headers: answered } = response;
    const sent = typeof body === 'string' ? Buffer.byteLength(body) : (body?.length ?? 0);
    const answer = { status, text: bytes.toString('utf8'), retryAfter: answered.get('retry-after'), bytes: sent };
    throw answerError(this.describe(request), answer, this.server);
  }

  private describe({ method, path }: Request): string {
    const { proxy } = this.connection;
    return `${method} ${this.server.uri}${path.replace(/\?.*/, '')}${proxy ? ` through the proxy ${proxy}` : ''}`;
  }
}

const escaped = (place: string): string => place.split('/').map(encodeURIComponent).join('/');

/** Throws MlflowError, which is not retried, if there are more than `atMost`; reads no further. */
async function bytesOf({ body }: Response, atMost: number, request: string): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of (body ?? []) as AsyncIterable<Uint8Array>) {
    length += piece.length;
    if (length > atMost) throw new MlflowError(`${request}: the answer is longer than ${atMost} bytes, the most that is read`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function connected({ uri }: MlflowServer): Connection {
  try {
    return connectionTo(uri);
  } catch (error) {
    throw new MlflowError((error as Error).message, { cause: error });
  }
}
