import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { mostBytes } from '@tass/files';
import { isForJobs } from './job-environment';
import { refusal, type Refusal } from './refusal';
import { resourceOptions, type SlurmConfig } from './slurm-config';
import { SlurmError } from './slurm-error';
import type { Submission } from './submission';

/** Slurm's record of one task. */
export interface QueueEntry {
  readonly arrayId: string; // the task is <arrayId>_<number>
  readonly state: string; // PENDING, RUNNING, COMPLETED, ...
  readonly nodes: string; // empty before it starts
  readonly reason: string; // why it is waiting, if it is
}

/** Slurm's answer by the submission's name and the task's number, see taskKey. */
export type Queue = ReadonlyMap<string, QueueEntry>;

export const taskKey = (name: string, number: number | string): string => `${name}/${number}`;

/**
 * The user's own squeue settings would change what we read. Jobs get their variables, including passwords, from a file, because Slurm would
 * keep a copy.
 */
const ownEnvironment = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(SQUEUE|SCANCEL|SACCT)_/.test(name) && !isForJobs(name)));
const answerWithinMs = 90_000; // Slurm's own commands give up after about 20 s

interface Answer {
  readonly code: number | null; // null: ended by a signal
  readonly stdout: string;
  readonly stderr: string;
}

function ask(program: string, words: readonly string[]): Promise<Answer> {
  return new Promise((answered) => {
    // in its own process group, so that Ctrl-C in the terminal does not reach a running sbatch
    const child = spawn(program, words, {
      env: ownEnvironment(),
      timeout: answerWithinMs,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    const bounded = (all: string, text: string): string => {
      if (all.length + text.length > mostBytes.program) child.kill('SIGKILL');
      return all.length + text.length > mostBytes.program ? all : all + text;
    };
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout = bounded(stdout, text)));
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr = bounded(stderr, text)));
    child.once('error', ({ message }) => answered({ code: null, stdout, stderr: message }));
    child.once('close', (code) => answered({ code, stdout, stderr }));
  });
}

/**
 * Asks Slurm whether it would accept a job with this configuration, and how many tasks an array may have. Throws SlurmError if there is no
 * Slurm, if it does not answer, or with the key that it refuses.
 */
export function checkCluster(config: SlurmConfig): { readonly maxArraySize: number } {
  const trial = askNow('sbatch', ['--test-only', '--array=0', ...resourceOptions(config)], '#!/bin/sh\n');
  if (trial.code !== 0) {
    const { kind, message } = refusal(trial.stderr, trial.code, config);
    const choice = message.includes('launcher.partition') ? `. Partitions here: ${partitions()}` : '';
    if (kind !== 'limit') throw new SlurmError(`${message}${choice}`);
  }
  if (config.maxArraySize !== undefined) return { maxArraySize: config.maxArraySize };
  const { stdout, stderr } = askNow('scontrol', ['show', 'config']);
  const maxArraySize = Number(/^MaxArraySize\s*=\s*(\d+)/m.exec(stdout)?.[1]);
  if (maxArraySize > 0) return { maxArraySize };
  throw new SlurmError(
    `launcher slurm: scontrol show config has no MaxArraySize: ${stderr.trim() || stdout.trim()}. Set launcher.maxArraySize`,
  );
}

const partitions = (): string => askNow('sinfo', ['--noheader', '--format=%R']).stdout.trim().split('\n').join(', ');

function askNow(program: string, words: readonly string[], input = ''): Answer {
  const { status, stdout, stderr, error } = spawnSync(program, words, {
    input,
    encoding: 'utf8',
    env: ownEnvironment(),
    timeout: answerWithinMs,
  });
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') {
    throw new SlurmError(
      `launcher slurm: there is no program ${program} on PATH. Start the sweep on a login node of the cluster, or use launcher=local`,
    );
  }
  return { code: status, stdout: stdout ?? '', stderr: stderr ?? '' };
}

/** Submits to Slurm; returns the number of the submission there. */
export async function submit({ folder, name, jobs }: Submission, config: SlurmConfig): Promise<{ readonly id: string } | Refusal> {
  const { code, stdout, stderr } = await ask('sbatch', [
    '--parsable',
    '--no-requeue',
    `--job-name=${name}`,
    `--array=0-${jobs.length - 1}${config.concurrent ? `%${config.concurrent}` : ''}`,
    `--signal=B:USR1@${config.signalSeconds}`,
    `--output=${join(folder, 'output').replaceAll('%', '%%')}/%a.txt`,
    ...resourceOptions(config),
    join(folder, 'script.sh'),
  ]);
  const id = /^(\d+)(;.*)?$/m.exec(stdout)?.[1];
  return code === 0 && id ? { id } : refusal(stderr, code, config);
}

/**
 * Slurm's records of the tasks of submissions; a task may disappear some minutes after its end. Returns a text if there is no answer: the
 * reason.
 */
export async function lookAtQueue(names: readonly string[]): Promise<Queue | string> {
  if (names.length === 0) return new Map();
  const words = ['--noheader', '--array', '--states=all', `--name=${names.join(',')}`, '--format=%j|%F|%K|%T|%N|%r'];
  const { code, stdout, stderr } = await ask('squeue', words);
  return code === 0 ? parseQueue(stdout) : stderr.trim() || 'squeue was ended before it answered';
}

export function parseQueue(text: string): Queue {
  const tasks = text.split('\n').map((line) => line.split('|'));
  return new Map(
    tasks
      .filter((fields) => fields.length >= 6)
      .map(([name, arrayId, number, state, nodes, ...reason]) => [
        taskKey(name, number),
        { arrayId, state, nodes, reason: reason.join('|') },
      ]),
  );
}

/** The accounting record of an ended task; undefined if the cluster has none or does not answer. */
export async function askAccounting(arrayId: string, number: number): Promise<QueueEntry | undefined> {
  const words = ['--noheader', '--parsable2', '--allocations', '--array', `--jobs=${arrayId}_${number}`, '--format=JobID,State,NodeList'];
  const { code, stdout } = await ask('sacct', words);
  return code === 0 ? parseAccounting(stdout, `${arrayId}_${number}`) : undefined;
}

export function parseAccounting(text: string, task: string): QueueEntry | undefined {
  const fields = text.split('\n').map((line) => line.split('|'));
  const [, state, nodes] = fields.find(([id]) => id === task) ?? [];
  if (!state) return undefined;
  const [arrayId] = task.split('_');
  return { arrayId, state, nodes: nodes === 'None assigned' ? '' : (nodes ?? ''), reason: '' };
}

/** Removes waiting tasks from the queue; tasks that have started meanwhile continue. */
export async function dropWaiting(tasks: readonly string[]): Promise<void> {
  for (const some of inHundreds(tasks)) await ask('scancel', ['--state=PENDING', ...some]);
}

/** Asks running tasks to save and end, by a signal to their scripts, which forward it once. */
export async function askToEnd(tasks: readonly string[]): Promise<void> {
  for (const some of inHundreds(tasks)) await ask('scancel', ['--batch', '--signal=USR1', ...some]);
}

/** Ends tasks at once. */
export async function cancel(tasks: readonly string[]): Promise<void> {
  for (const some of inHundreds(tasks)) await ask('scancel', some);
}

const inHundreds = (tasks: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(tasks.length / 100) }, (_, part) => tasks.slice(100 * part, 100 * (part + 1)));
