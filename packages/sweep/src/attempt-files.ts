import { readdirSync, statSync } from 'node:fs';
import { isAbsolute, join, normalize } from 'node:path';
import { makeFolderWhole, onDisk, readSealedFile, sealedJson, writeFileAtomically, type ProcessIdentity } from '@tass/files';

/**
 * The files of a cell's attempts:
 *   attempts/0001/claim.json who works on it; complete from the start, because a rename that only one process wins creates the folder
 *   attempts/0001/heartbeat    written again and again while its process lives; only its time counts
 *   attempts/0001/run.json     the run folder, from the folder of runs
 *   attempts/0001/end.json     how it ended
 */
export interface AttemptRecord {
  readonly number: number; // 1 for the first
  readonly claim: Claim | undefined; // undefined: damaged
  readonly heartbeatAt: number | undefined; // milliseconds since 1970 by the clock of the file system
  readonly run: string | undefined;
  readonly end: AttemptEnd | undefined;
  readonly damaged: readonly string[]; // files that could not be read and count as absent
}

export interface Claim extends ProcessIdentity {
  readonly job: string | null; // the launcher's job, when a sweep has started the process
  readonly leaseSeconds: number; // so long after its last heartbeat, the process counts as gone
  readonly at: string; // ISO 8601, UTC, by the clock of the worker
}

export interface AttemptEnd {
  readonly state: 'succeeded' | 'failed' | 'preempted';
  readonly code: number | null; // exit code; null when the process was killed
  readonly step: number | null; // the step that was saved
  readonly message: string | null;
  readonly at: string; // ISO 8601, UTC, by the writer's clock
}

const attemptsFolder = (cell: string): string => join(cell, 'attempts');

export const attemptFolder = (cell: string, number: number): string => join(attemptsFolder(cell), String(number).padStart(4, '0'));

export const heartbeatFile = (cell: string, number: number): string => join(attemptFolder(cell, number), 'heartbeat');

/** All attempts of a cell, oldest first. A file that cannot be read counts as absent and is listed in `damaged`. */
export function readAttempts(cell: string): AttemptRecord[] {
  const names = orAbsent(() => readdirSync(attemptsFolder(cell))) ?? [];
  const numbers = names.filter((name) => /^\d{4,}$/.test(name)).map(Number);
  return numbers.sort((a, b) => a - b).map((number) => readAttempt(cell, number));
}

function readAttempt(cell: string, number: number): AttemptRecord {
  const folder = attemptFolder(cell, number);
  const damaged: string[] = [];
  const read = <Content>(name: string, check: (content: Partial<Content>) => boolean): Content | undefined => {
    const file = join(folder, name);
    const content = orAbsent(() => contentOf<Content>(file));
    if (content === undefined) return undefined;
    if (content !== 'damaged' && check(content)) return content as Content;
    damaged.push(file);
    return undefined;
  };
  return {
    number,
    claim: asNow(
      read<WrittenClaim>('claim.json', ({ pid, host, started, leaseSeconds }) => {
        return typeof pid === 'number' && typeof host === 'string' && started !== undefined && isLease(leaseSeconds);
      }),
    ),
    heartbeatAt: orAbsent(() => statSync(heartbeatFile(cell, number)).mtimeMs),
    run: read<{ run: string }>('run.json', ({ run }) => typeof run === 'string' && staysInside(run))?.run,
    end: read<AttemptEnd>('end.json', ({ state }) => state === 'succeeded' || state === 'failed' || state === 'preempted'),
    damaged,
  };
}

/** Older claims have boot and namespace in one key. */
type WrittenClaim = Claim & { readonly place?: string | null };

function asNow(written: WrittenClaim | undefined): Claim | undefined {
  if (written?.place === undefined) return written;
  const { place, ...claim } = written;
  return { ...claim, namespace: place?.split('/')[1] ?? null };
}

/** Makes attempt `number` with its claim and first heartbeat, whole or not at all. False if it is there already. Throws DiskError. */
export function makeAttempt(cell: string, number: number, claim: Claim): boolean {
  const files = { 'claim.json': sealedJson(claim), heartbeat: '.' };
  const parent = attemptsFolder(cell);
  return onDisk(`cannot claim ${cell}`, parent, () => makeFolderWhole(attemptFolder(cell, number), Object.entries(files)));
}

/** Records the run folder that an attempt writes, relative to the runs folder. Throws DiskError. */
export function writeRun(cell: string, number: number, run: string): void {
  writeFileAtomically(join(attemptFolder(cell, number), 'run.json'), sealedJson({ run }));
}

/** Records how an attempt ended. Throws DiskError. */
export function writeEnd(cell: string, number: number, end: Omit<AttemptEnd, 'at'>): void {
  writeFileAtomically(join(attemptFolder(cell, number), 'end.json'), sealedJson({ ...end, at: new Date().toISOString() }));
}

/** The process that works, or last worked, on a cell with these attempts: `process 4711 on node5`. */
export function workerOf(attempts: readonly AttemptRecord[]): string {
  const claim = attempts.at(-1)?.claim;
  return claim ? `process ${claim.pid} on ${claim.host}` : 'another process';
}

/** True for a relative path that stays below its start. */
export const staysInside = (path: string): boolean => path !== '' && !isAbsolute(path) && !/^\.\.($|[\\/])/.test(normalize(path));

/** At most an hour, so that nobody waits for ever for a process that cannot be looked up. */
const isLease = (seconds: unknown): boolean => typeof seconds === 'number' && seconds > 0 && seconds <= 3600;

function orAbsent<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Throws errors that may pass, such as a disk that does not answer. */
function contentOf<Content>(file: string): Partial<Content> | 'damaged' {
  try {
    const { content } = readSealedFile(file, 'It counts as absent');
    return typeof content === 'object' && content !== null ? (content as Partial<Content>) : 'damaged';
  } catch (error) {
    if ([undefined, 'EISDIR', 'ELOOP'].includes((error as NodeJS.ErrnoException).code)) return 'damaged';
    throw error;
  }
}
