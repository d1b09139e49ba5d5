import { spawnSync } from 'node:child_process';

/** Without ffmpeg, specs that make or read videos are skipped. */
export const hasFfmpeg = (): boolean => spawnSync('ffmpeg', ['-version']).status === 0;
