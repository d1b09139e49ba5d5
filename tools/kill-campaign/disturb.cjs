const { spawnSync } = require('node:child_process');
const { existsSync, readFileSync, statSync } = require('node:fs');
const path = require('node:path');
const { sfc32 } = require('@tass/random');
const { figuresOnServer } = require('./check.cjs');
const { parentOf, parentsOf, send, workersOf } = require('./processes.cjs');
const { cellsOfGrid, ended, epochs, until } = require('./project.cjs');

const terminal = path.resolve(__dirname, '../../packages/testing/src/close-terminal.py');
/** Where a sweep's output goes that loses its reader: a pipe, whose reader ends at once, or a terminal, which is closed when it shows a cell's epochs. */
const unread = {
  pipe: ['bash', '-c', 'exec "$@" > >([ "$(head -n 2 | wc -l)" = 2 ] && echo closed >> closed-pipes.txt) 2>&1', 'bash'],
  terminal: ['python3', terminal, `/${epochs} epochs`],
};
const namespace = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];

/** How often each kind is drawn, of 100. Of the sweeps that are started a third gets a pipe or a terminal, and the first ones do. */
const shares = { worker: 34, server: 18, parent: 16, group: 16, namespace: 10, artifacts: 6 };

/** Kinds that cannot be tried on this machine. */
const skippedKinds = () => (spawnSync(namespace[0], [...namespace.slice(1), 'true']).status === 0 ? [] : ['namespace']);

/**
 * Disturbs the sweep at random moments, every so many seconds on average, until it has done so often enough or the sweep is done, and resumes it
 * whenever its parent is gone. Two of three times a cell has finished an epoch before: the others hit programs that start. Each kind has its turn,
 * before the first comes again. `report` learns now and then how many disturbances there were. Returns how often what was disturbed, and what was
 * found meanwhile.
 */
async function disturb(project, server, { times, seed, everySeconds, skipped, report }) {
  const random = randomFrom(seed);
  const sweep = new DisturbedSweep(project, random);
  const kinds = Object.keys(shares).filter((kind) => !skipped.includes(kind));
  const counts = Object.fromEntries(kinds.map((kind) => [kind, 0]));
  const total = () => Object.values({ ...counts, ...sweep.counts }).reduce((sum, count) => sum + count, 0);
  const tell = () => report(total(), `${project.doneCells().length} of ${cellsOfGrid} cells are done`);
  const found = { strangers: [], uploads: [] };
  const due = [...kinds].sort(() => random() - 0.5);
  let kind;
  let least; // bytes of all journals, before the next disturbance
  while ((total() < times || due.length > 0) && !project.isDone()) {
    tell();
    sweep.keepAlive();
    const seconds = kind === undefined ? everySeconds * 2 * random() : 0.3; // one that could not be done is tried again soon
    await new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
    if (!server.isUp && Date.now() > server.downUntil) server.startAgain();
    if (server.refusesFiles && server.isReady && project.doneCells().length > found.refusing.done)
      await takeFilesAgain({ project, server, found });
    if (kind === undefined) least = random() < 2 / 3 ? journalsLength(project) + 1 : 0;
    kind ??= due.at(-1) ?? drawn(kinds.filter((each) => each !== 'artifacts' || !server.refusesFiles), random); // prettier-ignore
    if (journalsLength(project) < least) continue;
    if (!(await disturbances[kind]({ project, server, sweep, random, found }))) continue; // at another moment
    counts[kind]++;
    due.pop();
    kind = undefined;
  }
  tell();
  await sweep.kill('SIGKILL', parentsOf(project));
  await server.untilReady();
  if (server.refusesFiles) await takeFilesAgain({ project, server, found });
  return { counts: { ...counts, ...sweep.counts }, ...found };
}

/** Each returns false if it cannot be done now. */
const disturbances = {
  async worker({ project, random }) {
    const [pid] = workersOf(project).sort(() => random() - 0.5);
    return pid !== undefined && send(pid, 'SIGKILL');
  },

  async server({ server, random }) {
    if (!server.isUp) return false;
    server.kill();
    server.downUntil = Date.now() + random() * 4000;
    return true;
  },

  async parent({ project, sweep }) {
    return !sweep.willEnd && (await sweep.kill('SIGKILL', parentsOf(project)));
  },

  async group({ project, sweep }) {
    return !sweep.willEnd && (await sweep.kill('SIGTERM', [...workersOf(project), ...parentsOf(project)]));
  },

  /** Processes of another namespace on the same host try to resume the live sweep and a live run of it. */
  async namespace({ project, sweep, found }) {
    const lock = project.sweep()?.lock;
    const isAtWork = (one) => workersOf(project).includes(one?.holder.pid) && parentOf(one.holder.pid) === lock?.holder.pid; // others may be stopping
    const [run] = project.allRuns().filter((one) => !one.isFinished && isAtWork(one.lock));
    if (!run || !parentsOf(project).includes(lock?.holder.pid) || sweep.willEnd) return false;
    const length = journalLength(run);
    const isFinished = () => project.allRuns().find(({ name }) => name === run.name).isFinished;
    const isLive = () => workersOf(project).includes(run.lock.holder.pid);
    const [sweepSaid, runSaid] = await Promise.all([
      project.train(['sweep', '--exp=campaign-grid', '--resume'], namespace),
      project.train(['train', '--exp=campaign', `--resume${isChosen(run, project) ? '' : `=${run.name}`}`], namespace),
    ]);
    const hasWorked = [sweepSaid, runSaid].some(({ code }) => code === 0);
    if (isFinished() && !hasWorked) return false; // perhaps there was nothing to refuse any more
    await until(() => isFinished() || journalLength(run) > length || !isLive());
    found.strangers.push(
      { ...refusal(sweepSaid, lock), wentOn: parentsOf(project).includes(lock.holder.pid) || project.isDone() },
      { ...refusal(runSaid, run.lock), wentOn: isFinished() || journalLength(run) > length },
    );
    return true;
  },

  /** The server refuses files, until one more cell has succeeded. */
  async artifacts({ project, server, found }) {
    if (!server.isReady) return false;
    found.refusing = { refusals: server.refusals, done: project.doneCells().length };
    server.refusesFiles = true;
    return true;
  },
};

/** Sends all that the server takes, looks at it, and has the server take files again. */
async function takeFilesAgain({ project, server, found }) {
  const runs = project.doneCells().map(({ run }) => path.join(project.runs, run));
  await project.sync();
  found.uploads.push({ refused: server.refusals - found.refusing.refusals, runs: runs.length, wrong: await figuresOnServer(server, runs) });
  server.refusesFiles = false;
}

/** The sweep's parent, started again and again. */
class DisturbedSweep {
  reader; // of its output
  terminals = 0; // that were closed

  constructor(project, random) {
    Object.assign(this, { project, random });
  }

  get counts() {
    const closed = path.join(this.project.folder, 'closed-pipes.txt');
    return { pipe: existsSync(closed) ? readFileSync(closed, 'utf8').split('\n').length - 1 : 0, terminal: this.terminals };
  }

  /** Its terminal will be closed. */
  get willEnd() {
    return this.reader === 'terminal';
  }

  keepAlive() {
    if (this.child && !hasEnded(this.child)) return;
    const due = Object.entries(this.counts).find(([, count]) => count === 0)?.[0];
    const reader = (this.reader = due ?? [undefined, undefined, undefined, undefined, 'pipe', 'terminal'][Math.floor(6 * this.random())]);
    this.child = this.project.startSweep(unread[reader]);
    this.child.once('exit', (code) => (this.terminals += reader === 'terminal' && code !== endedBeforeClosed ? 1 : 0));
  }

  /** False if the sweep has ended. */
  async kill(signal, processes) {
    if (!this.child || hasEnded(this.child)) return false;
    const hasExited = ended(this.child);
    for (const pid of processes) send(pid, signal);
    await hasExited;
    return true;
  }
}

const endedBeforeClosed = 1; // close-terminal.py fails where its command ends first

/** What a process said that had to be refused because of `lock`. */
function refusal({ code, text }, { file, holder }) {
  const expected = [`is in use by process ${holder.pid} on ${holder.host}, namespace ${holder.namespace}.`, file];
  return { lock: path.basename(file), code, text, isRefused: code === 1 && expected.every((part) => text.includes(part)) };
}

/** Whether a bare `--resume` would look at this run first and find no other one that nobody has locked. */
function isChosen({ name }, project) {
  const unfinished = project.allRuns().filter(({ isFinished }) => !isFinished);
  return unfinished[0].name === name && unfinished.every(({ lock }) => lock !== undefined);
}

const journalLength = ({ folder }) => statSync(path.join(folder, 'metrics.jsonl'), { throwIfNoEntry: false })?.size ?? 0;

const journalsLength = (project) => project.allRuns().reduce((sum, run) => sum + journalLength(run), 0);

function drawn(kinds, random) {
  let left = random() * kinds.reduce((sum, kind) => sum + shares[kind], 0);
  return kinds.find((kind) => (left -= shares[kind]) < 0) ?? kinds[0];
}

const hasEnded = ({ exitCode, signalCode }) => exitCode !== null || signalCode !== null;

/** Numbers in [0, 1), the same for the same seed. */
function randomFrom(seed) {
  const next = sfc32([seed, 0, 0], 20);
  return () => next() / 2 ** 32;
}

module.exports = { disturb, skippedKinds };
