import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readCheckpoint, writeCheckpoint } from '@tass/checkpoints';
import { runFiles } from '@tass/experiment';
import { asBeforeDigests, MiniatureProject, resultsOf, type ProgramOptions } from '@tass/testing';

const project = new MiniatureProject();
const interrupt = [join(__dirname, 'fixtures/interrupt.cjs')];
let uninterrupted: Record<string, unknown>;
let stopped: string; // a run that SIGINT ended within its second epoch
let interrupted: string; // its copy, which nothing resumes
beforeAll(async () => {
  uninterrupted = resultsOf(await project.trained(['--exp=miniature']));
  const [, { step: steps }] = uninterrupted['metrics.jsonl'] as { step: number }[];
  const environment = { INTERRUPT_STEP: String(Math.round(0.6 * steps)), INTERRUPT_SIGNAL: 'SIGINT' };
  expect((await project.train(['--exp=miniature'], { preload: interrupt, environment })).code).toBe(130);
  [stopped] = project.runsOf();
  interrupted = join(mkdtempSync(join(project.folder, 'interrupted-')), basename(stopped));
  cpSync(stopped, interrupted, { recursive: true });
});
afterAll(() => project.remove());

async function refusal(words: readonly string[], options: Partial<ProgramOptions> = {}): Promise<string> {
  const { errors, ...rest } = await project.refusal('train', words, options);
  expect(rest).toEqual({ code: 1, output: '', showsStack: false, changed: [] });
  return errors;
}

describe('a run that cannot be gone on with is left as it is', () => {
  const damaged = (damage: (run: string) => void): string => {
    const run = join(mkdtempSync(join(project.folder, 'damaged-')), basename(stopped));
    cpSync(stopped, run, { recursive: true });
    damage(run);
    return run;
  };
  const editText = (file: string, from: RegExp, to: string): void => {
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(from);
    writeFileSync(file, text.replace(from, to));
  };
  const oldRun = (damage: (run: string) => void): string =>
    damaged((folder) => {
      asBeforeDigests(folder);
      damage(folder);
    });
  const flipBit = (file: string, place: (bytes: Buffer) => number): void => {
    const bytes = readFileSync(file);
    bytes[place(bytes)] ^= 1;
    writeFileSync(file, bytes);
  };

  it('a best checkpoint of another epoch than the best, or none', async () => {
    const other = damaged((folder) => {
      const { arrays, state } = readCheckpoint(runFiles.best(folder));
      writeCheckpoint(runFiles.best(folder), { arrays, state: { ...state, epoch: 5 } });
    });
    expect(await refusal([`--resume=${other}`])).toContain('best.safetensors: holds the parameters of epoch 5, expected those of epoch 1,');
    const none = damaged((folder) => rmSync(runFiles.best(folder)));
    expect(await refusal([`--resume=${none}`])).toContain('best.safetensors: is not there');
  });

  it('a configuration that was edited since it was begun: epochs, loss or learning rate', async () => {
    for (const [from, to] of [
      [/^epochs: 2$/m, 'epochs: 3'],
      [/^( +synchrony: ).*$/m, '$10.7'],
      [/^( +learningRate: ).*$/m, '$10.5'],
    ] as const) {
      const run = damaged((folder) => editText(runFiles.config(folder), from, to));
      expect(await refusal([`--resume=${run}`])).toMatch(
        /^trainer: \S+config\.yaml has changed since the run started: its sha256 is \w{12}, manifest\.json has \w{12}\. Undo the change/m,
      );
    }
  });

  it('a manifest or a count of final lines of which one bit is another', async () => {
    const manifest = damaged((folder) => flipBit(join(folder, 'manifest.json'), (bytes) => bytes.indexOf('"seed": 1') + 8));
    expect(await refusal([`--resume=${manifest}`])).toContain('manifest.json: does not match its check value. The file was damaged');
    const committed = damaged((folder) => flipBit(join(folder, 'metrics.committed'), () => 0));
    expect((await project.refusal('train', [`--resume=${committed}`])).errors).toContain('metrics.committed holds no count of lines');
  });

  it('a checkpoint of a run with another configuration', async () => {
    const other = await project.trained(['--exp=miniature', 'optimizer.learningRate=0.02']);
    const run = damaged((folder) => cpSync(runFiles.last(other), runFiles.last(folder)));
    expect(await refusal([`--resume=${run}`])).toMatch(/last\.safetensors: written with another configuration \(\w{12}\) than its run's/);
    project.removeRuns(join('miniature', basename(other)));
  });

  it('a checkpoint of another shape', async () => {
    const run = oldRun((folder) => editText(runFiles.config(folder), /^( +dim: )16$/m, '$132'));
    const errors = await refusal([`--resume=${run}`]);
    expect(errors).toContain(`${runFiles.last(run)}: of another network than the one configured: `);
    expect(errors).toMatch(
      /question\.sentence\.weight is \[64, 16\], expected \[64, 32\]; .* and \d+ more\. Take the configuration it was trained with/,
    );
  });

  it('a checkpoint of which one bit is another', async () => {
    const run = damaged((folder) => flipBit(runFiles.last(folder), (bytes) => bytes.length - 5));
    expect(await refusal([`--resume=${run}`])).toContain(
      `trainer: ${runFiles.last(run)}: its content does not match its checksum. The file is damaged: delete it and resume from another checkpoint, or train again\n`,
    );
  });

  it('a checkpoint that is cut off', async () => {
    const run = damaged((folder) => writeFileSync(runFiles.last(folder), readFileSync(runFiles.last(folder)).subarray(0, 5000)));
    expect(await refusal([`--resume=${run}`])).toMatch(
      new RegExp(`trainer: ${runFiles.last(run)}: truncated: .* the file at 5000\\. The file is damaged: `),
    );
  });

  it('a configuration with a key that nobody knows', async () => {
    const run = oldRun((folder) => editText(runFiles.config(folder), /^epochs:/m, 'epoch:'));
    expect(await refusal([`--resume=${run}`])).toMatch(
      /config\.yaml:\d+:\d+: epoch is not a known key\. Known: .* Did you mean epochs\?\n/,
    );
  });

  it('other questions or features than it was begun with', async () => {
    const run = oldRun((folder) => editText(join(folder, 'manifest.json'), /"val": "\w{12}/, '"val": "0123456789ab'));
    expect(await refusal([`--resume=${run}`])).toMatch(
      /^trainer: .* was trained with other data: val \(sha256 0123456789ab then, \w{12} now\)\. Restore that data, or train a new run\n$/m,
    );
  });

  it('a journal with fewer lines than its checkpoint knows', async () => {
    const run = damaged((folder) => writeFileSync(join(folder, 'metrics.jsonl'), ''));
    const { errors, changed } = await project.refusal('train', [`--resume=${run}`]);
    expect(changed.map((file) => basename(file))).toEqual(['metrics.committed']); // no line is final where there is none
    expect(errors).toContain(
      `trainer: ${run}/metrics.jsonl has 0 lines, the checkpoint was made after 1. Lines are lost: start a new run\n`,
    );
  });

  it('a run of another experiment than the one named', async () => {
    const { code, errors } = await project.refusal('train', ['--exp=quickstart', `--resume=${stopped}`]);
    expect([code, errors]).toEqual([
      2,
      `trainer: --exp=quickstart, but the run ${stopped} belongs to miniature. Leave out --exp, or name a run of quickstart\n`,
    ]);
  });

  it('while another process works on it; that one continues', async () => {
    let other: Promise<string> | undefined;
    const first = await project.train([`--resume=${basename(stopped)}`], {
      preload: interrupt,
      environment: { INTERRUPT_STEP: '2', INTERRUPT_SIGNAL: 'SIGSTOP' },
      onError(text, program) {
        if (other || !text.includes(`run: ${stopped}`)) return; // it has the folder now, and stands still before its second step
        other = refusal([`--resume=${basename(stopped)}`]).finally(() => program.kill('SIGCONT'));
      },
    });
    expect(first.code).toBe(0);
    expect(await other).toMatch(
      new RegExp(`^trainer: the run ${stopped} is in use by process \\d+ on .*\\. Wait until it ends, or stop it\\n$`, 'm'),
    );
    expect(resultsOf(stopped)).toEqual(uninterrupted);
  });
});

it('a run from before digests is resumed to the same results, with a line that says what is not known', async () => {
  const old = join(mkdtempSync(join(project.folder, 'old-')), basename(stopped));
  cpSync(interrupted, old, { recursive: true });
  asBeforeDigests(old);
  const { code, errors } = await project.train([`--resume=${old}`]);
  expect([code, errors]).toEqual([0, expect.stringContaining(`${old}: not checked: written before digests`)]);
  const { 'predictions-test.jsonl': predictions } = resultsOf(old);
  expect(predictions).toEqual(uninterrupted['predictions-test.jsonl']);
});

it('a loss that is not finite ends training with every term; the checkpoint before it stays', async () => {
  const words = ['--exp=miniature', 'optimizer.learningRate=1e30', 'optimizer.clipNorm=null'];
  const { code, errors, output, showsStack, changed } = await project.refusal('train', words);
  expect([code, output, showsStack]).toEqual([1, '', false]);
  expect(errors).toMatch(
    /trainer: the loss is not finite at epoch 1, step 2: total NaN, answer NaN, .*expected finite numbers\. No epoch was finished\. Start a new run with a lower optimizer\.learningRate/,
  );
  const [run] = project.runsOf();
  expect(changed.map((path) => join(project.folder, path)).sort()).toEqual([
    run,
    join(run, 'checkpoints'),
    join(run, 'config.yaml'),
    join(run, 'ended.json'),
    join(run, 'manifest.json'),
    join(run, 'metrics.jsonl'),
  ]);
  expect(readFileSync(join(run, 'metrics.jsonl'), 'utf8')).toBe('');
});

describe('a disk that takes no more', () => {
  const disk = join(project.folder, 'disk');
  const mount = (options: string): boolean => {
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  };
  const unmount = (): void => void execFileSync('umount', [disk]);
  const settings = (runs: string): void => writeFileSync(join(project.folder, '.tassrc.yaml'), `experiments: experiments\nruns: ${runs}\n`);
  mkdirSync(disk);
  const mayMount = mount('size=4k');
  if (mayMount) unmount();
  afterEach(() => settings('runs'));

  (mayMount ? it : it.skip)('is named, and after some space is free the run goes on (needs permission to mount a tmpfs)', async () => {
    settings('disk');
    const bytes = readFileSync(runFiles.last(stopped)).length;
    mount(`size=${Math.round(bytes / 1024)}k`); // the best parameters fit, those to go on from do not
    try {
      const { code, errors, showsStack } = await project.refusal('train', ['--exp=miniature']);
      expect([code, showsStack]).toEqual([1, false]);
      const [run] = readdirSync(join(disk, 'miniature')).map((id) => join(disk, 'miniature', id));
      expect(errors).toContain(
        `cannot write ${runFiles.last(run)}: no space is left on the disk of ${run}/checkpoints. Free some or choose another folder (ENOSPC)\n`,
      );
      expect(readdirSync(join(run, 'checkpoints'))).toEqual(['best.safetensors']);
      expect(readdirSync(run).sort()).toEqual(['checkpoints', 'config.yaml', 'ended.json', 'manifest.json', 'metrics.jsonl']);

      execFileSync('mount', ['-o', 'remount,size=64m', disk]);
      expect(await project.trained(['--exp=miniature', '--resume'])).toBe(run);
      expect(resultsOf(run)).toEqual(uninterrupted);
    } finally {
      unmount();
    }
  });

  (mayMount ? it : it.skip)('even for the run folder itself leaves nothing (needs permission to mount a tmpfs)', async () => {
    settings('disk');
    mount('size=4k,nr_inodes=4');
    try {
      const { errors, changed } = await project.refusal('train', ['--exp=miniature']);
      expect(errors).toMatch(/no space is left on the disk of .*\. Free some or choose another folder \(ENOSPC\)\n$/);
      expect(changed.filter((path) => path !== 'disk/miniature')).toEqual([]);
    } finally {
      unmount();
    }
  });

  it('a runs folder that may not be written in', async () => {
    settings('closed');
    mkdirSync(join(project.folder, 'closed'), { mode: 0o555 });
    const userId = process.geteuid?.() === 0 ? 65534 : undefined; // root may write anywhere
    const errors = await refusal(['--exp=miniature'], { userId });
    expect(errors).toContain(
      `trainer: cannot make a run in ${project.folder}/closed/miniature: no permission to write in ${project.folder}/closed. ` +
        'Change its permissions or choose another folder (EACCES)\n',
    );
  });
});
