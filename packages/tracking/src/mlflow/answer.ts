import { parseJson } from '@tass/files';
import { proxyRefusal } from '@tass/program';
import { MlflowError } from './mlflow-error';
import type { MlflowServer } from './server';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Faults of the server's database that have status 400. */
const passingRefusal = /QueuePool|database is locked|deadlock|OperationalError|connection timed out|too many (clients|connections)/i;
const certificateProblem = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ISSUER/;

/** The problem with a response. */
class UnexpectedAnswer extends Error {}

/** Thrown by a reader whose response lacks what it needs. */
export const unexpected = (what: string): Error => new UnexpectedAnswer(`holds no ${what}`);

/** What `read` extracts from a response. Throws MlflowError for HTML, or if something is missing or has the wrong type. */
export function readAnswer<Result>(
  text: string,
  read: (answer: JsonObject) => Result,
  { request, status, server }: { readonly request: string; readonly status: number; readonly server: MlflowServer },
): Result {
  try {
    return read(jsonObject(text));
  } catch (error) {
    const what = error instanceof UnexpectedAnswer ? error.message : 'is not an answer of MLflow'; // a reader that fails on an unexpected type
    throw new MlflowError(
      `${request} answered ${shown(text, server)}, which ${what}. Is ${server.uri} the address of an MLflow 3 server?`,
      {
        status,
        passing: true,
      },
    );
  }
}

/** The response as an object; an empty response is an empty object. */
function jsonObject(text: string): JsonObject {
  if (text.trim() === '') return {};
  const value = parsed(text);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (isObject && !('error_code' in value) && !('error' in value)) return value as JsonObject;
  throw new UnexpectedAnswer('is not an answer of MLflow');
}

/** The error for a response with a failure status. `bytes`: the size of the request. */
export function answerError(
  request: string,
  {
    status,
    text,
    retryAfter,
    bytes,
  }: { readonly status: number; readonly text: string; readonly retryAfter: string | null; readonly bytes: number },
  server: MlflowServer,
): MlflowError {
  const { error_code: code, message } = (parsed(text) ?? {}) as { error_code?: unknown; message?: unknown };
  const reason = shown(typeof message === 'string' ? message : text, server);
  const passing = status >= 500 ? status !== 501 : status === 429 || status === 408 || (status === 400 && passingRefusal.test(text));
  return new MlflowError(`${request} was refused: ${status} ${reason}${advice(status, code, bytes, server)}`, {
    ...{ status, passing, code: typeof code === 'string' ? code : undefined },
    waitSeconds: secondsOf(retryAfter),
  });
}

function advice(status: number, code: unknown, bytes: number, { authorization, uri }: MlflowServer): string {
  const names = 'MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN';
  if (status === 401) return authorization ? `. The server does not accept the credentials in ${names}` : `. Set ${names}`;
  if (status === 403) return '. The user lacks permission, or the server does not accept this host name';
  if (status === 413)
    return `. A proxy in front of MLflow accepts no request of ${sizeOf(bytes)}: raise its limit (nginx: client_max_body_size)`;
  if (status >= 300 && status < 400) return '. The server redirects: give the address to which it redirects';
  if (status === 404 && code === undefined) return `. Is ${uri} the address of an MLflow server?`;
  return '';
}

const sizeOf = (bytes: number): string => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

/** The error if there was no response. */
export function networkError(request: string, error: unknown, server: MlflowServer): MlflowError {
  const refused = proxyRefusal(error);
  if (refused) return new MlflowError(`${request}: ${refused.reason}`, { passing: refused.status >= 500 });
  const cause = ((error as Error)?.cause ?? error) as NodeJS.ErrnoException;
  const code = cause?.code ?? '';
  const why = typeof error === 'string' ? error : shown(code === 'ECONNREFUSED' ? 'nothing listens there' : cause.message, server);
  if (certificateProblem.test(code))
    return new MlflowError(
      `${request}: the server's certificate is not trusted (${code}). Name its authority's file in NODE_EXTRA_CA_CERTS`,
    );
  return new MlflowError(`${request}: ${why || code}${code && ` (${code})`}`, { passing: true, timedOut: typeof error === 'string' });
}

/** Seconds or a date. */
function secondsOf(retryAfter: string | null): number | undefined {
  if (retryAfter === null) return undefined;
  const seconds = /^\d+$/.test(retryAfter.trim()) ? Number(retryAfter) : (Date.parse(retryAfter) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(seconds, 0) : undefined;
}

/** The beginning of a server's text, on one line, without control characters. */
function shown(text: string, { secrets }: MlflowServer): string {
  const clean = secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text).slice(0, 10_000); // searching megabytes for tags takes long
  const line = clean
    .replaceAll(/<(style|script)[\s\S]*?<\/\1>|<[^>]*>/gi, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\p{Cc}/gu, '')
    .trim();
  return line.length > 300 ? `${line.slice(0, 300)}...` : line;
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
