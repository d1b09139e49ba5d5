import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Makes a run's folder what it would be if it had been written before there were digests and check values: specs then edit it freely. */
export function asBeforeDigests(run: string): void {
  edit(join(run, 'manifest.json'), (text) => withoutKeys(text, ['config', 'seal']));
  edit(join(run, 'report.json'), (text) => withoutKeys(text, ['journalLines', 'files', 'parameters', 'seal']));
  edit(join(run, 'metrics.jsonl'), (text) => text.replaceAll(/,"check":"[0-9a-f]{16}"\}$/gm, '}'));
  edit(join(run, 'metrics.committed'), (text) => text.replace(/ .*/, ''));
}

function edit(file: string, change: (text: string) => string): void {
  if (existsSync(file)) writeFileSync(file, change(readFileSync(file, 'utf8')));
}

function withoutKeys(text: string, keys: readonly string[]): string {
  const entries = Object.entries(JSON.parse(text) as object).filter(([key]) => !keys.includes(key));
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
}
