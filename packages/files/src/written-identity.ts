import type { ProcessIdentity } from './process-identity';

/** The process that a lock holds as JSON; undefined where the text is something else. */
export function readIdentity(text: string): ProcessIdentity | undefined {
  const identity = parse(text) as Partial<ProcessIdentity> | null | undefined;
  const { pid, host, started } = identity ?? {};
  return typeof pid === 'number' && typeof host === 'string' && started !== undefined ? (identity as ProcessIdentity) : undefined;
}

/** A process as a part of a file's name. Without the keys, as a name may have 255 bytes and a host's name has up to 64. */
export const toName = ({ pid, host, started, namespace, machine }: ProcessIdentity): string =>
  Buffer.from(JSON.stringify([pid, host, started, namespace, machine])).toString('base64url');

/** What `toName` was given; names from before hold JSON with the keys. Undefined for any other name. */
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
