import { connectionTo, proxyRefusal } from '@tass/program';
import { type Dtype, onnxFile, roundingOf } from './dtype';

/** A file of a model on the hub, and where it is wanted. */
export interface HubFile {
  readonly model: string; // org/name
  readonly revision: string; // branch, tag or commit
  readonly file: string; // such as onnx/vision_model.onnx
  readonly folder: string; // of the model on this machine, for errors
}

/** What the hub answers when it gives a file. */
export interface HubAnswer {
  readonly pieces: AsyncIterable<Uint8Array>;
  readonly from: number; // byte of the file that the first piece begins with
  readonly bytes: number | undefined; // of the whole file, where the hub says so
  readonly sha256: string | undefined; // known of large files only
  readonly commit: string | undefined; // that the revision stands for
}

/** A failure that may pass: worth another try. */
export class PassingError extends Error {
  override readonly name = 'PassingError';

  constructor(
    message: string,
    readonly secondsToWait?: number, // as the hub asks
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}

/** The part of a file that an earlier try left is of no use. */
export class UnusablePart extends PassingError {
  constructor(reason: string) {
    super(`${reason}. It is fetched anew`, 0);
  }
}

/** The hub's address: HF_ENDPOINT, such as a mirror's, or https://huggingface.co. Throws when it is no address. */
export function hubEndpoint(): string {
  const endpoint = (process.env.HF_ENDPOINT || 'https://huggingface.co').replace(/\/+$/, '');
  if (/^https?:\/\//.test(endpoint) && URL.canParse(endpoint)) return endpoint;
  throw new Error(`HF_ENDPOINT is "${endpoint}", expected an address such as https://huggingface.co`);
}

/**
 * Asks the hub for a file. Redirections are followed by hand: the hub tells size, digest and commit of a large file only in the answer that
 * points to its storage, and the token of HF_TOKEN is for the hub's own origin. `from`: the byte to begin with; a server may not heed it.
 * Throws PassingError for what may pass, and an Error that says what to do for what will not and for a stop by `signal`.
 */
export async function requestFile(wanted: HubFile, from = 0, signal?: AbortSignal): Promise<HubAnswer> {
  const { origin } = new URL(hubEndpoint());
  const ofHub: Headers[] = [];
  let url = addressOf(wanted);
  for (let redirections = 0; redirections < 10; redirections++) {
    const isHub = url.origin === origin;
    const { fetch, proxy } = connectionTo(url.href);
    const server = proxy === undefined ? url.origin : `${url.origin} through the proxy ${proxy}`;
    const response = await fetch(url, { redirect: 'manual', signal, headers: headersFor(isHub, from) }).catch((cause: unknown) => {
      throw unreachable(wanted, server, cause);
    });
    if (isHub) ofHub.push(response.headers);
    const location = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null;
    if (location === null) return await answerOf(response, ofHub, wanted, server, from);
    await response.body?.cancel();
    url = new URL(location, url);
  }
  throw new Error(`${nameOf(wanted)}: ${hubEndpoint()} redirects without end. Check HF_ENDPOINT. ${byHand(wanted)}`);
}

/** How errors about a file begin. */
export const nameOf = ({ model, file }: HubFile): string => `model ${model}: ${file}`;

/** What can be done on a machine that cannot fetch. */
export const byHand = ({ model, folder }: HubFile): string =>
  `Run this command where the hub can be reached, or bring the model by hand: copy the files of ${hubEndpoint()}/${model} to ${folder}`;

function addressOf({ model, revision, file }: HubFile): URL {
  const path = file.split('/').map(encodeURIComponent).join('/');
  return new URL(`${hubEndpoint()}/${model}/resolve/${encodeURIComponent(revision)}/${path}`);
}

function headersFor(isHub: boolean, from: number): Record<string, string> {
  const token = process.env.HF_TOKEN;
  // identity: the length told is then that of the file
  return {
    'accept-encoding': 'identity',
    ...(from > 0 ? { range: `bytes=${from}-` } : {}),
    ...(isHub && token ? { authorization: `Bearer ${token}` } : {}),
  };
}

async function answerOf(response: Response, ofHub: Headers[], wanted: HubFile, server: string, from: number): Promise<HubAnswer> {
  if (!response.ok) {
    await response.body?.cancel();
    throw refusal(response, wanted);
  }
  const told = (name: string) => ofHub.map((headers) => headers.get(name)).find((value) => value !== null) ?? undefined;
  const length = told('x-linked-size') ?? (response.headers.has('content-encoding') ? null : response.headers.get('content-length'));
  const begin = response.status === 206 ? from : 0;
  const isOfWhole = told('x-linked-size') !== undefined;
  return {
    pieces: piecesOf(response, (cause) => unreachable(wanted, server, cause)),
    from: begin,
    bytes: length === null ? undefined : Number(length) + (isOfWhole ? 0 : begin),
    sha256: /^(?:W\/)?"?([0-9a-f]{64})"?$/.exec(told('x-linked-etag') ?? told('etag') ?? '')?.[1],
    commit: told('x-repo-commit'),
  };
}

async function* piecesOf({ body }: Response, failure: (cause: unknown) => Error): AsyncGenerator<Uint8Array> {
  try {
    if (body) yield* body;
  } catch (cause) {
    throw failure(cause);
  }
}

const broken = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'];

/** `server`: with the proxy on the way to it. */
function unreachable(wanted: HubFile, server: string, cause: unknown): Error {
  const refused = proxyRefusal(cause);
  if (refused) {
    const what = `${nameOf(wanted)}: ${server}: ${refused.reason}. ${refused.status === 407 ? '' : byHand(wanted)}`.trimEnd();
    return refused.status >= 500 ? new PassingError(what, undefined, cause) : new Error(what, { cause });
  }
  const { message, cause: inner } = cause as Error & { cause?: NodeJS.ErrnoException };
  const reason = inner?.code ?? inner?.message ?? message;
  if (broken.includes(reason))
    return new PassingError(`${nameOf(wanted)}: ${server} broke off (${reason}). Run this command again: what was downloaded is kept`, undefined, cause); // prettier-ignore
  return new Error(`${nameOf(wanted)}: ${server} cannot be reached (${reason}). ${byHand(wanted)}`, { cause });
}

function refusal({ status, headers }: Response, wanted: HubFile): Error {
  const code = headers.get('x-error-code');
  const where = `${nameOf(wanted)}: ${hubEndpoint()} answers ${status}${code === null ? '' : ` ${code}`}`;
  if (status === 401 || status === 403) return new Error(`${where}. ${refusedRemedy(wanted)}`);
  if (status === 404) return new Error(`${where}. ${absentRemedy(wanted, code)}`);
  if (status === 416) return new UnusablePart(`${where}: the part that is here is longer than the file`);
  if (status === 429 || status >= 500) return new PassingError(`${where}. Try again later. ${byHand(wanted)}`, secondsToWait(headers));
  return new Error(`${where}. ${byHand(wanted)}`);
}

/** The hub answers 401 for models that it does not have, too. */
function refusedRemedy({ model }: HubFile): string {
  const token = process.env.HF_TOKEN
    ? 'the token of HF_TOKEN may not read it: set one that may'
    : 'set HF_TOKEN to a token that may read it';
  return `Check the name: there is no folder ${model} here, and the hub may have no such model. If it is private or gated, accept its terms there, and ${token}`;
}

function absentRemedy({ model, revision, file, folder }: HubFile, code: string | null): string {
  if (code === 'RepoNotFound') return `Check the name: the hub has no model ${model}, and there is no folder of that name here`;
  if (code === 'RevisionNotFound')
    return `It has no revision ${revision}. If its history was written anew since files were fetched, delete ${folder} to fetch all again`;
  const tower = /^onnx\/((?:vision|text)_model)(?:_fp16|_quantized)?\.onnx$/.exec(file)?.[1];
  const listed = `See ${hubEndpoint()}/${model}/tree/${revision}`;
  if (tower === undefined) return `Expected a model for transformers.js, with onnx/ and ${file}, such as those of Xenova. ${listed}`;
  const others = (Object.keys(roundingOf) as Dtype[])
    .filter((dtype) => onnxFile(tower, dtype) !== file)
    .map((dtype) => `features.dtype=${dtype} (${onnxFile(tower, dtype)})`);
  return `If it has the model in another precision, write ${others.join(' or ')}; otherwise choose a model for transformers.js, with onnx/. ${listed}`;
}

/** Retry-After is a number of seconds or a date. */
function secondsToWait(headers: Headers): number | undefined {
  const text = headers.get('retry-after');
  if (text === null) return undefined;
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
