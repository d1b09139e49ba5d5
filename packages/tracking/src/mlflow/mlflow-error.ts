import { LockError } from '@tass/files';

/** A failed request to the MLflow server. The message has the request, the response and what to do, but never a password or token. */
export class MlflowError extends Error {
  override readonly name = 'MlflowError';
  readonly status: number | undefined; // of HTTP; undefined without a response
  readonly code: string | undefined; // MLflow's, as RESOURCE_DOES_NOT_EXIST
  readonly passing: boolean; // the same request may succeed later
  readonly waitSeconds: number | undefined; // that the server asks for
  readonly timedOut: boolean; // it timed out

  constructor(
    message: string,
    answer: { status?: number; code?: string; passing?: boolean; waitSeconds?: number; timedOut?: boolean; cause?: unknown } = {},
  ) {
    super(message, { cause: answer.cause });
    this.status = answer.status;
    this.code = answer.code;
    this.passing = answer.passing ?? false;
    this.waitSeconds = answer.waitSeconds;
    this.timedOut = answer.timedOut ?? false;
  }
}

export const isPassing = (error: unknown): boolean =>
  error instanceof MlflowError ? error.passing : error instanceof LockError && error.isHeld;

export const isMissing = (error: unknown): boolean => error instanceof MlflowError && error.code === 'RESOURCE_DOES_NOT_EXIST';
