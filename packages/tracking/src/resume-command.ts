import { shellWord } from '@tass/program';
import type { RunManifest } from './manifest';

/** The command that resumes an unfinished run, or the sweep to which it belongs. */
export const resumeCommand = ({ id, sweep }: Pick<RunManifest, 'id' | 'sweep'>): string =>
  sweep ? `npx nx run trainer:sweep ${shellWord(`--resume=${sweep.id}`)}` : `npx nx run trainer:train ${shellWord(`--resume=${id}`)}`;
