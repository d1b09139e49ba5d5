import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { filesIn } from './files-in';
import { fromSources, runProgram, type EndedProgram, type ProgramOptions } from './run-program';

const repository = resolve(__dirname, '../../..');
const models = join(repository, 'packages/encoders/models');

export interface Refusal extends Pick<EndedProgram, 'code' | 'output' | 'errors'> {
  readonly showsStack: boolean; // the program's inside shows
  readonly changed: readonly string[]; // paths in the project's folder
}

/** Small enough that a run takes a second or two: 4 + 2 + 2 videos, 2 epochs. */
const miniature = (root: string): string => `title: miniature
defaults: [/quickstart, override model: tass-paper-small, override loss: tass-paper-small]
epochs: 2
pages: 0
batch: { questions: 16 }
dataset: { root: ${root}, videos: { train: 4, val: 2, test: 2 }, workers: 1 }
features: { clip: ${models}/tiny-clip, audio: ${models}/tiny-audio, workers: 1 }
model: { dim: 16, heads: 2 }
engine: { backend: wasm }
optimizer: { learningRate: 0.01, schedule: { warmUp: 0.3 } }
`;

const miniatureGrid = `title: miniature grid
sweep:
  experiments: [miniature]
  axes: { loss.synchrony: [1, 0] }
  seeds: [1, 2]
`;

/**
 * A project in a temporary folder, on which specs run the real programs: a copy of this repository's experiments and two more, `miniature` and `miniature-grid`;
 * the embedded world and its features in world/, made by the first run; runs in runs/.
 */
export class MiniatureProject {
  readonly folder: string;
  readonly world: string;
  readonly runs: string;
  readonly experiments: string;

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'tass-miniature-'));
    chmodSync(this.folder, 0o755);
    this.world = join(this.folder, 'world');
    this.runs = join(this.folder, 'runs');
    this.experiments = join(this.folder, 'experiments');
    cpSync(join(repository, 'experiments'), this.experiments, { recursive: true });
    writeFileSync(join(this.experiments, 'miniature.yaml'), miniature(this.world));
    writeFileSync(join(this.experiments, 'miniature-grid.yaml'), miniatureGrid);
    writeFileSync(join(this.folder, '.tassrc.yaml'), 'experiments: experiments\nruns: runs\n');
  }

  train(words: readonly string[], options: Partial<ProgramOptions> = {}): Promise<EndedProgram> {
    return runProgram(join(repository, 'apps/trainer/src/main.ts'), ['train', ...words], { folder: this.folder, ...options });
  }

  /** Trains to the end and gives the run's folder. Throws with what the trainer said when it did not end well. */
  async trained(words: readonly string[], options: Partial<ProgramOptions> = {}): Promise<string> {
    const { code, signal, errors } = await this.train(words, options);
    const folder = /^run folder: (.*)$/m.exec(errors)?.[1];
    if (code !== 0 || folder === undefined) throw new Error(`train ${words.join(' ')} ended with ${signal ?? code}: ${errors}`);
    return folder;
  }

  /** The cells that it starts run from the sources as well. */
  sweep(words: readonly string[], options: Partial<ProgramOptions> = {}): Promise<EndedProgram> {
    const environment = { NODE_OPTIONS: fromSources.join(' '), ...options.environment };
    return runProgram(join(repository, 'apps/trainer/src/main.ts'), ['sweep', ...words], { folder: this.folder, ...options, environment });
  }

  /** Commands of features. The jobs that it starts run from the sources as well. */
  features(
    command: 'prepare' | 'check' | 'import' | 'export',
    words: readonly string[],
    options: Partial<ProgramOptions> = {},
  ): Promise<EndedProgram> {
    const environment = { NODE_OPTIONS: fromSources.join(' '), ...options.environment };
    return runProgram(join(repository, 'apps/features/src/main.ts'), [command, ...words], { folder: this.folder, ...options, environment });
  }

  evaluate(words: readonly string[], options: Partial<ProgramOptions> = {}): Promise<EndedProgram> {
    return runProgram(join(repository, 'apps/evaluator/src/main.ts'), ['evaluate', ...words], { folder: this.folder, ...options });
  }

  explain(words: readonly string[], options: Partial<ProgramOptions> = {}): Promise<EndedProgram> {
    return runProgram(join(repository, 'apps/evaluator/src/main.ts'), ['explain', ...words], { folder: this.folder, ...options });
  }

  /** Runs a program that is expected to fail, and returns the files and folders of the project that have changed. */
  async refusal(
    program: 'train' | 'evaluate' | 'explain',
    words: readonly string[],
    options: Partial<ProgramOptions> = {},
  ): Promise<Refusal> {
    const before = filesIn(this.folder);
    const { code, output, errors } = await this[program](words, options);
    const after = filesIn(this.folder);
    const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((path) => before[path] !== after[path]);
    return { code, output, errors, showsStack: /\n\s+at |^\w*Error:/m.test(errors), changed };
  }

  /** Run folders of an experiment, the newest first; by their ids two of one second would have no order. */
  runsOf(experiment = 'miniature'): string[] {
    const folders = readdirSync(join(this.runs, experiment)).map((id) => join(this.runs, experiment, id));
    const born = (folder: string): number => statSync(folder).birthtimeMs;
    return folders.sort((one, other) => born(other) - born(one));
  }

  /** Removes a folder in that of the runs. */
  removeRuns(name: string): void {
    rmSync(join(this.runs, name), { recursive: true, force: true });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/**
 * Everything that a run computed, by file: bytes as their sha256, the journal without its times, speeds and check values. The manifest is
 * left out, because it has the time and the machine.
 */
export function resultsOf(run: string): Record<string, unknown> {
  const { 'manifest.json': _manifest, ...files } = filesIn(run);
  const lines = readFileSync(join(run, 'metrics.jsonl'), 'utf8').trimEnd().split('\n');
  const journal = lines.map((line) => {
    const { time: _time, check: _check, values, ...record } = JSON.parse(line);
    const computed = Object.entries(values).filter(([name]) => !/^(throughput|system)\//.test(name));
    return { ...record, values: Object.fromEntries(computed) };
  });
  return { ...files, 'metrics.jsonl': journal };
}
