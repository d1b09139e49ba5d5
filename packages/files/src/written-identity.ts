import type { ProcessIdentity } from './process-identity';

/** The process in a lock's JSON; undefined for any other text. */
export function readIdentity(text: string): ProcessIdentity | undefined {
  const identity = parse(text) as Partial<ProcessIdentity> | null | undefined;
  const { pid, host, started } = identity ?? {};
  return typeof pid === 'number' && typeof host === 'string' && started !== undefined ? (identity as ProcessIdentity) : undefined;
}

/** A process as part of a file name. Without keys, because a name may have 255 bytes and a host name up to 64. */
export const toName = ({ pid, host, started, namespace, machine }: ProcessIdentity): string =>
  Buffer.from(JSON.stringify([pid, host, started, namespace, machine])).toString('base64url');

/** The inverse of `toName`; older names contain JSON with keys. Undefined for any other name. */
export function fromName(name: string): ProcessIdentity | undefined {
  const text = Buffer.from(name, 'base64url').toString('utf8');
  const parts = parse(text);
  if (!Array.isArray(parts)) return readIdentity(text);
  const [pid, host, started, namespace, machine] = parts as unknown[];
  return readIdentity(JSON.stringify({ pid, host, started, namespace, machine }));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
