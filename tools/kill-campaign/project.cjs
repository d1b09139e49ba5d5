const { spawn } = require('node:child_process');
const { cpSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const repository = path.resolve(__dirname, '../..');
const models = path.join(repository, 'packages/encoders/models');
const trainer = path.join(repository, 'apps/trainer/dist/main.js');
const tracking = path.join(repository, 'packages/tracking/dist/main.js');

/** Cells of a few seconds each on the slowest engine: long enough to be killed in their middle, many enough for a campaign. */
const experiment = (world) => `title: campaign
defaults: [/quickstart]
epochs: 8
batch: { questions: 16 }
dataset: { root: ${world}, videos: { train: 6, val: 2, test: 2 }, workers: 1 }
features: { clip: ${models}/tiny-clip, audio: ${models}/tiny-audio, workers: 1 }
model: { dim: 16, heads: 2 }
engine: { backend: cpu }
optimizer: { learningRate: 0.01, schedule: { warmUp: 0.3 } }
`;

const grid = `title: Campaign
sweep:
  experiments: [campaign]
  axes: { loss.synchrony: [1, 0], model.jtg.stream: [single, dual] }
  seeds: [1, 2, 3]
`;

/** A project with a grid, in a folder of its own. */
class CampaignProject {
  constructor(folder, world) {
    this.folder = folder;
    this.runs = path.join(folder, 'runs');
    this.environment = { ...process.env, MLFLOW_TRACKING_URI: '' };
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

  /** The sweep that was begun, if any, gone on with; a worker that was killed counts as a failure, so failures may be many. */
  startSweep(around) {
    const isBegun = existsSync(path.join(this.runs, '.sweeps/campaign-grid'));
    return this.start(trainer, ['sweep', '--exp=campaign-grid', '--retry=1000', ...(isBegun ? ['--resume'] : [])], around);
  }

  async sweepToTheEnd() {
    const code = await ended(this.startSweep());
    if (code !== 0 && !this.isDone()) throw new Error(`the sweep in ${this.folder} ended with ${code}, see log.txt there`);
  }

  /** True when every cell has succeeded. */
  isDone() {
    const cells = this.cells();
    return cells.length > 0 && cells.every(({ attempts }) => attempts.some(({ end }) => end?.state === 'succeeded'));
  }

  async syncTwice() {
    for (let time = 0; time < 2; time++) {
      const code = await ended(this.start(tracking, ['sync']));
      if (code !== 0) throw new Error(`tracking:sync ended with ${code}, see ${this.folder}/log.txt`);
    }
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

function json(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

const ended = (child) => new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));

module.exports = { CampaignProject, ended };
