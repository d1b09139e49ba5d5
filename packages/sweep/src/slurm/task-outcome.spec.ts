import type { QueueEntry } from './slurm-commands';
import { taskOutcome, type TaskSigns } from './task-outcome';

const entry = (state: string, nodes = 'n1'): QueueEntry => ({ arrayId: '17', state, nodes, reason: '' });
const signs = (given: Partial<TaskSigns>): TaskSigns => ({
  begun: true,
  givenUp: false,
  code: undefined,
  entry: undefined,
  settled: false,
  ...given,
});

it.each([
  ['waits', { begun: false, entry: entry('PENDING', '') }],
  ['runs', { entry: entry('RUNNING') }],
  ['is cleaned up', { entry: entry('COMPLETING'), settled: true }],
  ['is suspended', { entry: entry('SUSPENDED') }],
  ['has ended, but its record may still come', { entry: entry('COMPLETED') }],
  ['is unknown to Slurm, but its record may still come', {}],
  ['was cancelled while it ran, but may have saved', { entry: entry('CANCELLED') }],
  ['was killed, and Slurm is about to say why', { code: 137, entry: entry('COMPLETING') }],
])('waits while a task %s', (_, given) => {
  expect(taskOutcome(signs(given))).toBeUndefined();
});

it.each([
  [0, 'FAILED'],
  [7, 'COMPLETED'],
  [130, 'RUNNING'],
  [143, 'TIMEOUT'],
  [143, 'NODE_FAIL'],
])('believes the record of exit code %i, whatever Slurm says (%s)', (code, state) => {
  expect(taskOutcome(signs({ code, entry: entry(state) }))).toEqual({ kind: 'exited', code });
});

it.each([
  [
    { code: 137, entry: entry('FAILED') },
    { kind: 'killed', signal: 'SIGKILL' },
  ],
  [
    { code: 139, settled: true },
    { kind: 'killed', signal: 'SIGSEGV' },
  ],
  [
    { code: 255, entry: entry('FAILED') },
    { kind: 'exited', code: 255 },
  ],
  [
    { code: 137, entry: entry('OUT_OF_MEMORY') },
    { kind: 'lost', detail: 'killed on n1 for using more memory than it asked for. Raise launcher.memory' },
  ],
])('tells who killed a worker: %j', (given, outcome) => {
  expect(taskOutcome(signs(given))).toEqual(outcome);
});

it.each([
  ['CANCELLED', "cancelled while it waited in Slurm's queue"],
  ['CANCELLED by 1000', "cancelled by user 1000 while it waited in Slurm's queue"],
])('knows at once a task that was cancelled before it began (%s)', (state, detail) => {
  expect(taskOutcome(signs({ begun: false, entry: entry(state, '') }))).toEqual({ kind: 'cancelled', detail });
  expect(taskOutcome(signs({ begun: false, givenUp: true }))?.kind).toBe('cancelled');
});

it.each([
  ['TIMEOUT', 'timeout', 'its time ran out on n1 before it had saved. Raise launcher.signalSeconds (to save earlier) or launcher.time'],
  ['CANCELLED by 0', 'cancelled', 'cancelled by user 0 on n1 and killed before it had saved'],
  ['PREEMPTED', 'cancelled', 'preempted by another job on n1 and killed before it had saved'],
  ['DEADLINE', 'cancelled', "removed from Slurm's queue (DEADLINE)"],
  ['OUT_OF_MEMORY', 'lost', 'killed on n1 for using more memory than it asked for. Raise launcher.memory'],
  ['NODE_FAIL', 'lost', 'its node failed (NODE_FAIL on n1)'],
  ['FAILED', 'lost', 'Slurm reports FAILED on n1, but it left no record of its end'],
])('explains a task without a record by Slurm’s word %s', (state, kind, detail) => {
  expect(taskOutcome(signs({ entry: entry(state), settled: true }))).toEqual({ kind, detail });
});

it('says that a task which nobody knows any more is lost', () => {
  expect(taskOutcome(signs({ settled: true }))).toEqual({
    kind: 'lost',
    detail: 'Slurm no longer lists it, and it left no record of its end',
  });
});
