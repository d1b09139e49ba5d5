const { readdirSync, readFileSync } = require('node:fs');
const { ended } = require('./project.cjs');

/** Kills at random moments, every so many seconds on average, until it has killed often enough, while the sweep is gone on with whenever its parent is gone. Returns how often what was killed. */
async function disturb(project, server, { kills, seed, everySeconds }) {
  const random = randomFrom(seed);
  const killed = { parent: 0, worker: 0, server: 0 };
  const total = () => killed.parent + killed.worker + killed.server;
  let parent;
  let serverIsBack = 0; // milliseconds since 1970
  while (total() < kills && !project.isDone()) {
    if (!parent || parent.exitCode !== null || parent.signalCode !== null) parent = project.startSweep();
    await new Promise((resolve) => setTimeout(resolve, 1000 * everySeconds * 2 * random()));
    if (!server.isUp && Date.now() > serverIsBack) void server.start().catch(() => undefined);
    const target = random() < 0.2 ? 'server' : random() < 0.45 ? 'parent' : 'worker';
    if (target === 'server' && server.isUp) {
      server.kill();
      serverIsBack = Date.now() + random() * 4000;
    } else if (target === 'parent' && parent.exitCode === null) {
      parent.kill('SIGKILL');
      await ended(parent);
    } else if (target === 'worker') {
      const [pid] = workersOf(project).sort(() => random() - 0.5);
      if (pid === undefined) continue;
      process.kill(pid, 'SIGKILL');
    } else continue;
    killed[target]++;
    console.log(`kill ${total()}: ${target}; ${doneCells(project)}`);
  }
  if (parent && parent.exitCode === null && parent.signalCode === null) {
    parent.kill('SIGKILL');
    await ended(parent);
  }
  return killed;
}

/** Processes that compute a cell of this project. */
function workersOf({ runs }) {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && commandOf(name).includes(`cell\0${runs}`)).map(Number); // prettier-ignore
}

function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
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
