const { readdirSync, readFileSync, readlinkSync } = require('node:fs');
const path = require('node:path');
const { ended } = require('./project.cjs');

const terminal = path.resolve(__dirname, '../../packages/testing/src/close-terminal.py');
/** Where the output of a sweep goes which then nobody reads: a pipe, whose reader ends at once, or a terminal, which is closed when a cell has begun. */
const unread = { pipe: ['bash', '-c', 'exec "$@" > >(head -n 2) 2>&1', 'bash'], terminal: ['python3', terminal, 'started'] };

/**
 * Kills at random moments, every so many seconds on average, asks all processes at once to end, and takes readers away, until it has disturbed
 * often enough, while the sweep is gone on with whenever its parent is gone. Returns how often what was disturbed.
 */
async function disturb(project, server, { kills, seed, everySeconds }) {
  const random = randomFrom(seed);
  const killed = { parent: 0, worker: 0, server: 0, group: 0, pipe: 0, terminal: 0 };
  const total = () => Object.values(killed).reduce((sum, count) => sum + count, 0);
  let parent;
  let serverIsBack = 0; // milliseconds since 1970
  while (total() < kills && !project.isDone()) {
    if (!parent || hasEnded(parent)) {
      const reader = [undefined, 'pipe', 'terminal'][Math.floor(3 * random())];
      parent = project.startSweep(unread[reader]);
      if (reader) killed[reader]++;
    }
    await new Promise((resolve) => setTimeout(resolve, 1000 * everySeconds * 2 * random()));
    if (!server.isUp && Date.now() > serverIsBack) void server.start().catch(() => undefined);
    const target = random() < 0.2 ? 'server' : random() < 0.3 ? 'parent' : random() < 0.4 ? 'group' : 'worker';
    if (target === 'server' && server.isUp) {
      server.kill();
      serverIsBack = Date.now() + random() * 4000;
    } else if (target === 'parent' && !hasEnded(parent)) {
      for (const pid of parentsOf(project)) process.kill(pid, 'SIGKILL');
      await ended(parent);
    } else if (target === 'group' && !hasEnded(parent)) {
      for (const pid of [...workersOf(project), ...parentsOf(project)]) process.kill(pid, 'SIGTERM');
      await ended(parent);
    } else if (target === 'worker') {
      const [pid] = workersOf(project).sort(() => random() - 0.5);
      if (pid === undefined) continue;
      process.kill(pid, 'SIGKILL');
    } else continue;
    killed[target]++;
    console.log(`disturbance ${total()}: ${target}; ${doneCells(project)}`);
  }
  if (parent && !hasEnded(parent)) {
    for (const pid of parentsOf(project)) process.kill(pid, 'SIGKILL');
    await ended(parent);
  }
  return killed;
}

const hasEnded = ({ exitCode, signalCode }) => exitCode !== null || signalCode !== null;

/** Processes that compute a cell of this project. */
const workersOf = ({ runs }) => processesOf((name) => commandOf(name).includes(`cell\0${runs}`));

/** Processes that run the sweep of this project, without what its output is read by. */
const parentsOf = ({ folder }) =>
  processesOf((name) => commandOf(name).startsWith(process.execPath) && commandOf(name).includes('\0sweep\0') && folderOf(name) === folder);

const processesOf = (isOne) => readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isOne(name)).map(Number); // prettier-ignore

function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function folderOf(pid) {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

function doneCells(project) {
  const cells = project.cells();
  return `${cells.filter(({ attempts }) => attempts.some(({ end }) => end?.state === 'succeeded')).length} of ${cells.length} cells done`;
}

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

module.exports = { disturb };
