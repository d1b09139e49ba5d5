import { refusal } from './refusal';
import { slurmLauncherSchema } from './slurm-config';

const config = slurmLauncherSchema.parse({ kind: 'slurm', partition: 'gpu', time: '12:00:00', gpus: 2, extra: ['--reservation=night'] });
const meant = (stderr: string, code: number | null = 1) => refusal(stderr, code, config);
const failed = (reason: string) => `sbatch: error: Batch job submission failed: ${reason}\n`;

it.each([
  [failed('Invalid partition name specified'), 'Invalid partition name specified. Change launcher.partition (now gpu)'],
  [failed('Invalid account or account/partition combination specified'), 'Invalid account or account/partition combination specified. Change launcher.partition (now gpu)'], // prettier-ignore
  [failed('Invalid qos specification'), 'Invalid qos specification. Set launcher.qos'],
  [failed('Requested time limit is invalid (missing or exceeds some limit)'), 'Requested time limit is invalid (missing or exceeds some limit). Change launcher.time (now 12:00:00)'], // prettier-ignore
  [failed('Memory specification can not be satisfied'), 'Memory specification can not be satisfied. Set launcher.memory'],
  [failed('Requested node configuration is not available'), 'Requested node configuration is not available. Change launcher.gpus (now 2)'],
  [`sbatch: error: QOSMaxWallDurationPerJobLimit\n${failed("Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)")}`, 'QOSMaxWallDurationPerJobLimit. Change launcher.time (now 12:00:00)'], // prettier-ignore
  [
    failed('The specified reservation is invalid'),
    'The specified reservation is invalid. Change the keys of launcher, perhaps launcher.extra',
  ],
  ["sbatch: unrecognized option '--reservation=night'\nTry \"sbatch --help\" for more information\n", "unrecognized option '--reservation=night'. Change --reservation in launcher.extra"], // prettier-ignore
  ['', 'it ended with 1. Change the keys of launcher, perhaps launcher.extra'],
])('names the key to change: %j', (stderr, message) => {
  expect(meant(stderr)).toEqual({ kind: 'refused', message: `launcher slurm: sbatch refuses: ${message}` });
});

it.each([
  `sbatch: error: QOSMaxSubmitJobPerUserLimit\n${failed("Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)")}`,
  `sbatch: error: AssocGrpSubmitJobsLimit\n${failed('Job violates accounting/QOS policy')}`,
  failed("Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)"),
])('knows limits that pass: %j', (stderr) => {
  expect(meant(stderr)).toMatchObject({ kind: 'limit', message: expect.stringContaining('Slurm accepts no more jobs for now: ') });
});

it('does not know whether Slurm took a job when its answer was lost', () => {
  expect(meant(failed('Socket timed out on send/recv operation')).kind).toBe('unknown');
  expect(meant(failed('Unable to contact slurm controller (connect failure)')).kind).toBe('unknown');
  expect(meant('', null)).toEqual({ kind: 'unknown', message: 'launcher slurm: sbatch was ended before it answered' });
});
