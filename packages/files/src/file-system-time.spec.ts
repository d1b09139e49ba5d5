import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileSystemTime } from './file-system-time';

it("asks the file system for its time, by a file that goes again; this machine's where nothing can be written", () => {
  const folder = mkdtempSync(join(tmpdir(), 'tass-clock-'));
  const before = fileSystemTime(folder);
  writeFileSync(join(folder, 'later'), '');
  expect(statSync(join(folder, 'later')).mtimeMs - before).toBeGreaterThanOrEqual(0);
  expect(statSync(join(folder, 'later')).mtimeMs - before).toBeLessThan(300_000);
  expect(readdirSync(folder)).toEqual(['later']);
  rmSync(folder, { recursive: true });
  expect(Math.abs(fileSystemTime(folder) - Date.now())).toBeLessThan(300_000);
});
