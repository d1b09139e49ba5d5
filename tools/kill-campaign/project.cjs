const { spawn } = require('node:child_process');
const { cpSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const repository = path.resolve(__dirname, '../..');
const models = path.join(repository, 'packages/encoders/models');
const trainer = path.join(repository, 'apps/trainer/dist/main.js');
const tracking = path.join(repository, 'packages/tracking/dist/main.js');

const epochs = 16;

/** Cells of a few seconds each: long enough to be killed in their middle. */
const experiment = (world) => `title: campaign
defaults: [/quickstart, override model: tass-paper-small, override loss: tass-paper-small]
pages: 0
epochs: ${epochs}
batch: { questions: 16 }
dataset: { root: ${world}, videos: { train: 6, val: 2, test: 2 }, workers: 1 }
features: { clip: ${models}/tiny-clip, audio: ${models}/tiny-audio, workers: 1 }
model: { dim: 16, heads: 2 }
engine: { backend: wasm }
optimizer: { learningRate: 0.01, schedule: { warmUp: 0.3 } }
`;

const cellsOfGrid = 8;
const grid = `title: Campaign
sweep:
  experiments: [campaign]
  axes: { loss.synchrony: [1, 0], model.jtg.stream: [single, dual] }
  seeds: [1, 2]
`;

/** A project with a grid, in a folder of its own. */
class CampaignProject {
  constructor(folder, world) {
    this.folder = folder;
    this.runs = path.join(folder, 'runs');
    this.watch = path.join(folder, 'journals.jsonl'); // what watch.cjs notes
    this.environment = { ...process.env, MLFLOW_TRACKING_URI: '', TERM: 'xterm', CI: '' }; // a terminal is drawn on
    mkdirSync(folder, { recursive: true });
    cpSync(path.join(repository, 'experiments'), path.join(folder, 'experiments'), { recursive: true });
    writeFileSync(path.join(folder, 'experiments/campaign.yaml'), experiment(world));
    writeFileSync(path.join(folder, 'experiments/campaign-grid.yaml'), grid);
    writeFileSync(path.join(folder, '.tassrc.yaml'), 'experiments: experiments\n');
    this.log = openSync(path.join(folder, 'log.txt'), 'a');
  }

  /** Starts a program of the project; its output goes to log.txt, or where `around` takes it. */
  start(main, words, around = []) {
    const [file, ...rest] = [...around, process.execPath, main, ...words];
    return spawn(file, rest, { cwd: this.folder, env: this.environment, stdio: ['ignore', this.log, this.log] });
  }

  /** From now on watch.cjs is loaded into all programs. */
  watchJournals() {
    Object.assign(this.environment, { NODE_OPTIONS: `--require=${path.join(__dirname, 'watch.cjs')}`, TASS_CAMPAIGN_WATCH: this.watch });
  }

  /** Runs a command of the trainer to its end. */
  async train(words, around = []) {
    const [file, ...rest] = [...around, process.execPath, trainer, ...words];
    const child = spawn(file, rest, { cwd: this.folder, env: this.environment, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (text += data));
    const code = await new Promise((resolve) => child.once('close', resolve));
    return { code, text };
  }

  /** Begins the sweep or resumes it. A killed worker counts as a failure, so failures may be many. */
  startSweep(around) {
    const isBegun = existsSync(path.join(this.runs, '.sweeps/campaign-grid'));
    return this.start(trainer, ['sweep', '--exp=campaign-grid', '--retry=1000', ...(isBegun ? ['--resume'] : [])], around);
  }

  /** Throws if a cell is left that has not succeeded. */
  async sweepToTheEnd() {
    const code = await ended(this.startSweep());
    if (code !== 0 && !this.isDone()) throw new Error(`the sweep in ${this.folder} ended with ${code}, see log.txt there`);
  }

  /** True when every cell has succeeded. */
  isDone() {
    const cells = this.cells();
    return cells.length > 0 && this.doneCells(cells).length === cells.length;
  }

  /** Those that have succeeded, with the run that did. */
  doneCells(cells = this.cells()) {
    return cells.flatMap(({ attempts }) => attempts.find(({ end }) => end?.state === 'succeeded') ?? []);
  }

  /** Sends all runs to the server. Returns the exit code. */
  sync() {
    return ended(this.start(tracking, ['sync']));
  }

  /** All run folders, the newest first, with the text of their lock. */
  allRuns() {
    const parent = path.join(this.runs, 'campaign');
    const names = existsSync(parent) ? readdirSync(parent).filter((name) => existsSync(path.join(parent, name, 'manifest.json'))) : [];
    return names.sort().reverse().map((name) => {
      const folder = path.join(parent, name);
      return { folder, name, isFinished: existsSync(path.join(folder, 'report.json')), lock: lockIn(folder, 'run.lock') };
    }); // prettier-ignore
  }

  /** The sweep's folder with the text of its lock; undefined before it has begun. */
  sweep() {
    const parent = path.join(this.runs, '.sweeps/campaign-grid');
    const [name] = existsSync(parent) ? readdirSync(parent) : [];
    return name && { folder: path.join(parent, name), lock: lockIn(path.join(parent, name), 'sweep.lock') };
  }

  /** The cells with their attempts, read as anyone may read them: plain files. */
  cells() {
    const root = path.join(this.runs, '.cells');
    if (!existsSync(root)) return [];
    return readdirSync(root).map((address) => {
      const folder = path.join(root, address);
      const numbers = existsSync(path.join(folder, 'attempts')) ? readdirSync(path.join(folder, 'attempts')).sort() : [];
      const attempts = numbers
        .filter((name) => /^\d+$/.test(name))
        .map((number) => {
          const at = path.join(folder, 'attempts', number);
          return {
            number,
            end: json(path.join(at, 'end.json')),
            run: json(path.join(at, 'run.json'))?.run,
            claim: json(path.join(at, 'claim.json')),
          };
        });
      return { address, name: json(path.join(folder, 'cell.json'))?.name ?? address, attempts };
    });
  }
}

function lockIn(folder, name) {
  const file = path.join(folder, name);
  const holder = json(file);
  return holder && { file, holder };
}

function json(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Waits until `isSo` gives something true, and returns that. */
async function until(isSo) {
  for (;;) {
    const found = isSo();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const ended = (child) => new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));

module.exports = { CampaignProject, cellsOfGrid, ended, epochs, until };
