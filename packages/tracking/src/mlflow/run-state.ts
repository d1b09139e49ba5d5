import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { trySealedFile } from '@tass/files';
import { isLocked } from '../run-lock';

export type RunState = 'RUNNING' | 'FINISHED' | 'FAILED' | 'KILLED'; // MLflow's words

export interface RunEnd {
  readonly state: RunState;
  readonly time: number | undefined; // when it ended, milliseconds since 1970; undefined while it runs
  readonly message: string | undefined; // of the error that ended it
}

/**
 * The state of a run: finished if it has a report, failed if it has ended.json, running while a process holds its lock, else killed. With
 * `isOver`, this process's own lock does not count, because its work has ended.
 */
export function runState(folder: string, { isOver = false }: { isOver?: boolean } = {}): RunEnd {
  const at = (name: string) => join(folder, name);
  if (existsSync(at('report.json'))) return { state: 'FINISHED', time: changed(at('report.json')), message: undefined };
  const live = !isOver && isLocked(folder);
  if (live) return { state: 'RUNNING', time: undefined, message: undefined };
  if (existsSync(at('ended.json'))) return { state: 'FAILED', time: changed(at('ended.json')), message: messageOf(at('ended.json')) };
  const signsOfLife = ['manifest.json', 'metrics.jsonl', 'system.jsonl', 'checkpoints'].map((name) => changed(at(name)) ?? 0);
  return { state: 'KILLED', time: Math.max(...signsOfLife), message: undefined };
}

function changed(file: string): number | undefined {
  const entry = statSync(file, { throwIfNoEntry: false });
  return entry && Math.round(entry.mtimeMs);
}

function messageOf(file: string): string | undefined {
  const ended = trySealedFile(file)?.content as { message?: unknown } | null | undefined;
  return ended?.message === undefined ? undefined : String(ended.message); // that it failed is known
}
