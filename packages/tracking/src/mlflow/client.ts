import { mostBytes } from '@tass/files';
import { connectionTo, type Connection } from '@tass/program';
import { answerError, networkError, readAnswer, type JsonObject } from './answer';
import { MlflowError } from './mlflow-error';
import { patiently, type Patience } from './patience';
import type { MlflowServer } from './server';

export interface ClientOptions {
  readonly timeoutSeconds?: number; // for one answer, default 30
  readonly fileTimeoutSeconds?: number; // for the sending or fetching of one large file, default 600
  readonly patienceSeconds?: number; // how long what may pass is tried again, default 20
  readonly signal?: AbortSignal; // ends everything at once; its reason is thrown
}

interface Request {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly timeoutSeconds: number;
}

/** Takes from an answer what is asked for; throws MlflowError through `unexpected` where it is not there. */
export type Reader<Result> = (answer: JsonObject) => Result;

const api = '/api/2.0/mlflow/';
const slowestUpload = 100_000; // bytes a second that a file's time allows for
const longestAnswer = 64 * 2 ** 20; // bytes; the thread that reads it shares the memory of a training
const artifactApi = '/api/2.0/mlflow-artifacts/artifacts/';

/**
 * Speaks MLflow's REST API. Network errors, timeouts, 429, 5xx, a full connection pool (which comes as 400) and answers that are no JSON are
 * tried again; every other refusal is thrown at once. All errors are MlflowError.
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

  /** For requests that do no harm when they are done twice: the answer to the first may have been lost. */
  post<Result>(endpoint: string, body: unknown, read: Reader<Result>): Promise<Result> {
    return patiently(() => this.postOnce(endpoint, body, read), this.patience);
  }

  /** For requests that make something: they are not tried again. */
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

  /** Throws MlflowError where the file has more than `atMost` bytes. */
  async download(place: string, atMost: number = mostBytes.artifacts): Promise<Buffer> {
    const request: Request = { method: 'GET', path: artifactApi + escaped(place), timeoutSeconds: this.fileTimeoutSeconds };
    return patiently(async () => (await this.answer(request, atMost)).bytes, this.patience);
  }

  /** Tries once whether an MLflow server answers and lets this user in. Throws MlflowError. */
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

/** Throws MlflowError, which no further try changes, where there are more than `atMost`, having read no more than these. */
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
