import { spawnSync } from 'node:child_process';

/** Specs that make or read videos are skipped by name without ffmpeg. */
export const hasFfmpeg = (): boolean => spawnSync('ffmpeg', ['-version']).status === 0;
