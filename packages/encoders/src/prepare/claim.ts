import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/**
 * Claims a folder of features for this process; the returned function gives it up. A claim whose process on this machine
 * is gone counts no more. Throws, naming process and file, while another process holds it.
 */
export function claimFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'prepare.lock');
  const own = `${process.pid} ${hostname()}`;
  for (let attempt = 0; ; attempt++) {
    try {
      const handle = openSync(file, 'wx');
      writeSync(handle, own);
      closeSync(handle);
      return () => rmSync(file, { force: true });
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw new Error(`encoders: cannot write ${file} (${(cause as Error).message}). Choose another folder for the features`, { cause });
      }
    }
    const [id, host] = readClaim(file);
    if (attempt > 0 || (host === hostname() ? isRunning(Number(id)) : host !== undefined)) {
      throw new Error(`encoders: process ${id} on ${host} is making features in ${folder} now. Wait for it; if it is gone, delete ${file}`);
    }
    rmSync(file, { force: true });
  }
}

/** Empty where the claim was given up meanwhile or its process was killed while writing it. */
function readClaim(file: string): string[] {
  try {
    return readFileSync(file, 'utf8')
      .split(' ')
      .filter((part) => part !== '');
  } catch {
    return [];
  }
}

function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
