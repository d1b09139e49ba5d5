import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Job } from '../launcher';
import { batchScript } from './batch-script';
import type { Refusal } from './refusal';
import { submit } from './slurm-commands';
import type { SlurmConfig } from './slurm-config';
import { recordSlurmId, removeSubmission, writeSubmission, type Submission } from './submission';

export interface SubmissionPlan {
  readonly config: SlurmConfig;
  readonly folder: string; // of all submissions
  readonly label: string;
}

/** `taken`, or why not; where Slurm's answer is `unknown` it may still have taken the submission. */
export type SubmitResult =
  | { readonly kind: 'taken'; readonly submission: Submission }
  | { readonly kind: 'unknown'; readonly submission: Submission; readonly message: string }
  | { readonly kind: 'refused' | 'limit'; readonly message: string };

/** Gives `jobs` to Slurm as one array. Throws DiskError, TypeError for words that no program can be given. */
export async function submitJobs(jobs: readonly Job[], { config, folder, label }: SubmissionPlan): Promise<SubmitResult> {
  for (const { log } of jobs) mkdirSync(dirname(log), { recursive: true });
  const submission = writeSubmission(folder, label, jobs, (records) =>
    batchScript(jobs, { ...config, node: config.node ?? process.execPath, records }),
  );
  const answer = await submit(submission, config);
  if ('id' in answer) {
    recordSlurmId(submission, answer.id);
    return { kind: 'taken', submission };
  }
  const { kind, message }: Refusal = answer;
  if (kind === 'unknown') return { kind, submission, message };
  removeSubmission(submission);
  return { kind, message };
}
