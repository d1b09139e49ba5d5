import { z } from 'zod';

/** Options of sbatch that the launcher sets itself, or that would break it, with what to do instead. */
const refusedOptions: Readonly<Record<string, string>> = {
  partition: 'Set launcher.partition',
  account: 'Set launcher.account',
  qos: 'Set launcher.qos',
  time: 'Set launcher.time',
  mem: 'Set launcher.memory',
  'cpus-per-task': 'Set launcher.cpus',
  gres: 'Set launcher.gpus; for other resources than GPUs use --licenses or ask for nodes by launcher.constraint',
  constraint: 'Set launcher.constraint',
  exclude: 'Set launcher.exclude',
  signal: 'Set launcher.signalSeconds',
  array: 'The launcher counts the tasks itself; launcher.concurrent limits how many run at once',
  wrap: 'Put shell commands in launcher.setup',
  'job-name': 'The launcher finds its jobs by their names',
  output: 'Each job has its own log',
  error: 'Each job has its own log',
  input: 'Jobs read no input',
  chdir: 'Jobs run in the folder where the sweep was started',
  parsable: 'The launcher sets it itself',
  quiet: 'The launcher reads the output of sbatch',
  wait: 'The launcher waits itself',
  'test-only': 'No job would run',
  requeue: 'The sweep resubmits preempted jobs',
  'no-requeue': 'The launcher sets it itself',
  clusters: 'Set the environment variable SLURM_CLUSTERS, which every command of Slurm reads',
  'cluster-constraint': 'Set the environment variable SLURM_CLUSTERS, which every command of Slurm reads',
  help: 'No job would run',
  usage: 'No job would run',
  version: 'No job would run',
};

const text = (pattern: RegExp, expected: string) => z.string().refine((given) => pattern.test(given), { error: expected, abort: true });
const name = text(/^[A-Za-z0-9_.,-]+$/, "a name of letters, digits, '_', '.' and '-'");
const word = text(/^[^\s\p{Cc}]+$/u, 'one word without blanks');
const clock = text(/^(\d+-)?\d{1,3}:[0-5]\d:[0-5]\d$/, 'of minutes, HH:MM:SS or days-HH:MM:SS');
const atLeastOne = z.int().min(1);

const extraOption = text(/^--[a-z][a-z0-9-]*(=[^\p{Cc}]*)?$/u, 'one long option of sbatch, as in --reservation=night').superRefine(
  (option, context) => {
    const given = option.slice(2).split('=')[0];
    const refused = Object.keys(refusedOptions).filter((each) => each.startsWith(given)); // sbatch completes shortened names
    if (refused.length === 0) return;
    const [match] = refused.includes(given) ? [given] : refused;
    context.addIssue({ code: 'custom', message: `an option that the launcher leaves to you, unlike --${match}. ${refusedOptions[match]}` });
  },
);

/** Key `launcher` of a sweep that runs on a Slurm cluster. Omitted keys have the cluster's defaults. */
export const slurmLauncherSchema = z
  .strictObject({
    kind: z.literal('slurm'),
    partition: name.optional(), // several with commas: the one that starts the job first
    account: name.optional(),
    qos: name.optional(),
    time: z.union([atLeastOne, clock]).optional(), // of each job; one that is not done by then saves and ends
    memory: text(/^[1-9]\d*[KMGT]$/, 'a size with its unit, as in 16G').optional(), // of each job
    cpus: atLeastOne.optional(), // of each job
    gpus: z.union([z.int().min(0), text(/^[A-Za-z0-9_.-]+:[1-9]\d*$/, 'kind:number as in a100:1')]).optional(), // of each job
    constraint: word.optional(), // features of nodes, as in a100|h100
    exclude: z.union([word, z.array(word).min(1)]).optional(), // nodes
    extra: z.array(extraOption).default([]), // further options of sbatch
    concurrent: atLeastOne.optional(), // jobs that run at once
    signalSeconds: z.int().min(1).max(65535).default(60), // before the time limit a job is asked to save and end
    pollSeconds: z.number().min(0.1).default(10), // between two looks at Slurm's queue
    maxArraySize: atLeastOne.optional(), // jobs of one submission; the cluster is asked when it is left out
    node: z.string().min(1).optional(), // the Node.js program on the nodes; the one that runs the sweep when left out
    setup: z.array(text(/^[^\0]*$/, 'a line of bash')).default([]), // before each job, as in module load cuda
  })
  .superRefine(({ time, signalSeconds }, context) => {
    if (time !== undefined && secondsOf(time) <= signalSeconds) {
      context.addIssue({ code: 'custom', path: ['signalSeconds'], message: `less than the time of a job, ${secondsOf(time)} s` });
    }
  });

export type SlurmConfig = z.output<typeof slurmLauncherSchema>;

/** The sbatch options from the configuration, one word each; no shell interprets them. */
export function resourceOptions(config: SlurmConfig): string[] {
  const { partition, account, qos, time, memory, cpus, gpus, constraint, exclude } = config;
  const values = {
    partition,
    account,
    qos,
    time,
    mem: memory,
    'cpus-per-task': cpus,
    gres: gpus ? `gpu:${gpus}` : undefined, // unlike --gpus known to every selection plugin
    constraint,
    exclude: Array.isArray(exclude) ? exclude.join(',') : exclude,
  };
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return [...given.map(([option, value]) => `--${option}=${value}`), ...config.extra];
}

function secondsOf(time: number | string): number {
  if (typeof time === 'number') return 60 * time;
  const [clock, days = '0'] = time.split('-').reverse();
  const [hours, minutes, seconds] = clock.split(':').map(Number);
  return ((Number(days) * 24 + hours) * 60 + minutes) * 60 + seconds;
}
