import { mkdirSync, mkdtempSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import type { ProjectSettings } from '@tass/config';
import { listJobs } from '@tass/encoders';
import { mediaOptions, readWanted, type Experiment, type WantedFeatures } from '@tass/experiment';
import { writeFileAtomically } from '@tass/files';
import { counted, shellWord } from '@tass/program';
import { createLauncher, runJobs, SweepError, type Job, type Launcher, type LauncherConfig } from '@tass/sweep';
import { say, showProgress } from '@tass/progress';

/** What the launchers start. */
const program = join(__dirname, `feature-job${extname(__filename)}`);

/** Phases of the work; the jobs of one know nothing of each other, and each phase needs the one before it. */
interface Phase {
  readonly name: 'media' | 'seconds' | 'features';
  readonly jobs: readonly (readonly string[])[]; // the words of each job
}

const videosPerJob = 32;

/** Jobs that extract frames and sound, each of some videos; none where there are no video files. */
function mediaPhase(wanted: WantedFeatures, { dataset }: Experiment, folder: string, refresh = false): Phase {
  const options = mediaOptions(wanted, dataset);
  const { videos = [] } = options ?? {};
  const parts = Array.from({ length: Math.ceil(videos.length / videosPerJob) }, (_, part) => part);
  const files = parts.map((part) => join(folder, `media-${part}.json`));
  files.forEach((file, part) => {
    const some = videos.slice(part * videosPerJob, (part + 1) * videosPerJob);
    writeFileAtomically(file, JSON.stringify({ ...options, videos: some, workers: 1, ...(refresh ? { refresh } : {}) }));
  });
  return { name: 'media', jobs: files.map((file) => ['media', file]) };
}

/** Plans the shards that are left, and a job for each. */
async function shardPhases(
  { plan, videos, texts }: WantedFeatures,
  folder: string,
  how: Parameters<typeof listJobs>[3] = {},
): Promise<Phase[]> {
  const list = await listJobs(plan, videos, texts, how);
  const file = join(folder, 'shards.json');
  writeFileAtomically(file, JSON.stringify(list));
  const jobs = list.jobs.map(({ stage }, index) => ({ stage, words: ['shard', file, `${index}`] }));
  return [
    { name: 'seconds' as const, jobs: jobs.filter(({ stage }) => stage === 'seconds').map(({ words }) => words) },
    { name: 'features' as const, jobs: jobs.filter(({ stage }) => stage !== 'seconds').map(({ words }) => words) },
  ].filter(({ jobs }) => jobs.length > 0);
}

/**
 * Writes the jobs of an experiment's features as plain lists, a command a line, for a launcher of the user's own: a file for each phase, to be
 * run one after the other, their lines in any order and on any machine that sees the same folders.
 */
export async function listFeatureJobs(experiment: Experiment, settings: ProjectSettings, name: string): Promise<number> {
  const wanted = expectWanted(experiment, settings);
  const folder = resolve(name);
  mkdirSync(folder, { recursive: true });
  const phases = [mediaPhase(wanted, experiment, folder), ...(await shardPhases(wanted, folder))].filter(({ jobs }) => jobs.length > 0);
  for (const [index, phase] of phases.entries()) {
    const file = join(folder, `${index + 1}-${phase.name}.txt`);
    const lines = phase.jobs.map((words) => [process.execPath, program, ...words].map(shellWord).join(' '));
    writeFileAtomically(file, lines.map((line) => `${line}\n`).join(''));
    console.log(`${file}: ${counted(lines.length, 'job')}`);
  }
  return 0;
}

/** Runs the same jobs through a launcher of the project; returns what they made. Throws SweepError with the end of the log of the first job that failed. */
export async function runFeatureJobs(
  experiment: Experiment,
  settings: ProjectSettings,
  config: LauncherConfig,
  { refresh, signal }: { readonly refresh: boolean; readonly signal: AbortSignal },
): Promise<WantedFeatures> {
  const wanted = expectWanted(experiment, settings);
  if (config.kind === 'local' && config.jobs > 1 && wanted.plan.device === 'webgpu')
    say(`features.device=webgpu: the ${config.jobs} jobs at once share one GPU and its memory. launcher.jobs=1 gives each job all of it`);
  const parent = join(settings.runs, '.features');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, `${Date.now()}-`));
  mkdirSync(join(folder, 'launcher'));
  const launcher = createLauncher(config, { folder: join(folder, 'launcher'), label: 'features', say, settings });
  const stop = (): void => void launcher.stop().catch(({ message }: Error) => say(message));
  signal.addEventListener('abort', stop);
  try {
    await runPhase(mediaPhase(wanted, experiment, folder, refresh), folder, launcher, signal);
    for (const phase of await shardPhases(wanted, folder, { refresh, signal })) await runPhase(phase, folder, launcher, signal);
    return wanted;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function runPhase({ name, jobs }: Phase, folder: string, launcher: Launcher, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (jobs.length === 0) return;
  say(`${name}: ${counted(jobs.length, 'job')} on ${launcher.description}; their logs: ${folder}`);
  const launched = jobs.map((words, index): Job => {
    const id = `${name}-${index}`;
    return {
      id,
      name: id,
      main: program,
      words,
      folder: join(folder, 'launcher'),
      log: join(folder, `${id}.log`),
    };
  });
  const progress = showProgress({ label: name, unit: 'jobs', total: jobs.length });
  const [failed, ...others] = await runJobs(launcher, launched, (count) => progress.update(count));
  progress.finish();
  signal.throwIfAborted();
  if (!failed) return;
  const count = 1 + others.length;
  throw new SweepError(
    `${count} of ${counted(jobs.length, 'job')} of ${name} failed, the first: ${failed.job.name} (${failed.how})${failed.said}. The same command resumes the others`,
  );
}

function expectWanted(experiment: Experiment, settings: ProjectSettings): WantedFeatures {
  const wanted = readWanted(experiment, settings);
  if (wanted) return wanted;
  throw new SweepError(`the experiment ${experiment.title} reads no features, so there are no jobs`);
}
