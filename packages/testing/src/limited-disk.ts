import { execFileSync, spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';

type Code = keyof typeof constants.errno;

export const hasGcc = (): boolean => process.platform === 'linux' && spawnSync('gcc', ['--version']).status === 0;

/**
 * The environment in which a program finds every file system without hard links and without fsync of folders: both fail with these codes.
 * Needs gcc; what it builds is put in `folder`.
 */
export function limitedDisk(folder: string, codes: { readonly link: Code; readonly folderSync: Code }): Record<string, string> {
  const library = join(folder, 'limited-disk.so');
  execFileSync('gcc', ['-shared', '-fPIC', '-o', library, join(__dirname, 'limited-disk.c'), '-ldl']);
  const { errno } = constants;
  return { LD_PRELOAD: library, LINK_ERROR: String(errno[codes.link]), FOLDER_SYNC_ERROR: String(errno[codes.folderSync]) };
}
