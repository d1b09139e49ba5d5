import { z } from 'zod';

const atLeastOne = z.int().min(1);

/** Key `launcher` of a sweep that runs on this machine. */
export const localLauncherSchema = z.strictObject({
  kind: z.literal('local'),
  jobs: atLeastOne, // at once
  threads: atLeastOne.optional(), // of each job; this machine's are shared out when it is left out
  gpus: z.array(z.union([z.int().min(0), z.string().min(1)])).optional(), // as CUDA_VISIBLE_DEVICES names them; an empty list hides them all; looked for when left out
});
