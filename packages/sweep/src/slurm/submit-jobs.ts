import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DiskError, onDisk } from '@tass/files';
import { UsageError } from '@tass/program';
import type { Job } from '../launcher';
import { batchScript } from './batch-script';
import { exportLines } from './job-environment';
import { submit } from './slurm-commands';
import type { SlurmConfig } from './slurm-config';
import { SlurmError } from './slurm-error';
import { recordSlurmId, removeSubmission, writeSubmission, type Submission } from './submission';

export interface SubmissionPlan {
  readonly config: SlurmConfig;
  readonly folder: string; // of all submissions
  readonly label: string;
  readonly environment: Readonly<Record<string, string>>; // of all jobs
}

/** `taken`, or the refusal; if that is `unknown`, Slurm may still have accepted the submission. */
export type SubmitResult =
  | { readonly kind: 'taken'; readonly submission: Submission }
  | { readonly kind: 'unknown'; readonly submission: Submission; readonly message: string }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'limit'; readonly message: string };

/** Submits `jobs` to Slurm as one array. A failed write counts as a refusal. */
export async function submitJobs(jobs: readonly Job[], plan: SubmissionPlan): Promise<SubmitResult> {
  let submission: Submission;
  try {
    submission = write(jobs, plan);
  } catch (error) {
    if (error instanceof DiskError || error instanceof SlurmError || error instanceof UsageError)
      return { kind: 'refused', message: error.message };
    throw error;
  }
  const answer = await submit(submission, plan.config);
  if ('id' in answer) {
    recordSlurmId(submission, answer.id);
    return { kind: 'taken', submission };
  }
  const { kind, message } = answer;
  if (kind === 'unknown') return { kind, submission, message };
  removeSubmission(submission);
  return { kind, message };
}

function write(jobs: readonly Job[], { config, folder, label, environment }: SubmissionPlan): Submission {
  for (const { log } of jobs)
    onDisk(`launcher slurm: cannot write ${log}`, dirname(log), () => mkdirSync(dirname(log), { recursive: true }));
  const { setup, node = process.execPath } = config;
  return writeSubmission(folder, label, jobs, exportLines(environment), (places) => batchScript(jobs, { setup, node, ...places }));
}
