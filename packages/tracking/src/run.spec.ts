import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '@tass/config';
import { findRun, listRuns, unfinishedRuns } from './find-run';
import { readReport } from './report-file';
import { createRun, openRun, readRun, type NewRun } from './run';

let root: string;
let runsRoot: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tass-runs-'));
  chmodSync(root, 0o755);
  runsRoot = join(root, 'runs');
});
afterEach(() => rmSync(root, { recursive: true }));

const wanted = (changes: Partial<NewRun> = {}): NewRun => ({
  runsRoot,
  experiment: 'quickstart',
  config: { seed: 3, model: { dim: 64 } },
  seed: 3,
  overrides: ['seed=3'],
  engine: { backend: 'wasm', threads: 2 },
  features: { 'tiny-clip': 'abc' },
  datasets: { train: 'def' },
  project: root,
  ...changes,
});
const noon = (second: number, ...suffixes: string[]) => ({
  now: new Date(Date.UTC(2025, 10, 23, 12, 0, second)),
  suffix: () => suffixes.shift() as string,
});

describe('createRun', () => {
  it('makes a folder that holds what made it', () => {
    writeFileSync(join(root, 'package-lock.json'), '{}');
    const run = createRun(wanted(), noon(5, 'abc123'));
    expect(run.folder).toBe(join(runsRoot, 'quickstart/20251123-120005-seed3-abc123'));
    expect(readdirSync(run.folder).sort()).toEqual(['config.yaml', 'manifest.json', 'metrics.jsonl', 'run.lock']);
    expect(readConfig(join(run.folder, 'config.yaml')).config).toEqual({ seed: 3, model: { dim: 64 } });
    expect(readRun(run.folder)).toEqual({ folder: run.folder, manifest: run.manifest, finished: false, isChecked: true });
    expect(run.manifest).toMatchObject({
      id: '20251123-120005-seed3-abc123',
      experiment: 'quickstart',
      createdAt: '2025-11-23T12:00:05.000Z',
      seed: 3,
      overrides: ['seed=3'],
      code: null, // not a checkout
      packageLock: '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a', // sha256sum of {}
      node: process.version,
      engine: { backend: 'wasm', threads: 2 },
      features: { 'tiny-clip': 'abc' },
      datasets: { train: 'def' },
    });
    expect(run.manifest.machine.memoryBytes).toBeGreaterThan(0);
  });

  it('records the commit, and whether sources differ from it', () => {
    const git = (...words: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], { cwd: root, encoding: 'utf8' });
    git('init', '--quiet', '--initial-branch=ideas');
    writeFileSync(join(root, '.gitignore'), 'runs/\n');
    git('add', '.gitignore');
    git('commit', '--quiet', '-m', 'first');
    const commit = git('rev-parse', 'HEAD').trim();
    expect(createRun(wanted(), noon(1, 'a')).manifest.code).toEqual({ commit, dirty: false, branch: 'ideas' });
    mkdirSync(join(root, 'packages'));
    writeFileSync(join(root, 'packages/new.ts'), '');
    expect(createRun(wanted(), noon(2, 'b')).manifest.code).toEqual({ commit, dirty: true, branch: 'ideas' });
    git('remote', 'add', 'origin', 'https://me:secret@example.org/tass.git');
    git('checkout', '--quiet', '--detach');
    expect(createRun(wanted(), noon(3, 'c')).manifest.code).toEqual({ commit, dirty: true, repository: 'https://example.org/tass.git' });
  });

  it('records the sweep and the cell that it was made for', () => {
    const sweep = { id: '20251123-120000-1a2b', experiment: 'ablations', folder: '.sweeps/ablations/20251123-120000-1a2b' };
    expect(readRun(createRun(wanted({ sweep, cell: '00ff' })).folder).manifest).toMatchObject({ sweep, cell: '00ff' });
    expect(readRun(createRun(wanted()).folder).manifest).not.toHaveProperty('sweep');
  });

  it('never takes a folder that is there', () => {
    const first = createRun(wanted(), noon(5, 'same'));
    const second = createRun(wanted(), noon(5, 'same', 'other'));
    expect(first.manifest.id).not.toBe(second.manifest.id);
    expect(() => createRun(wanted(), { ...noon(5), suffix: () => 'same' })).toThrow('EEXIST');
  });

  it('gives many runs of one second different ids', () => {
    const now = new Date();
    const ids = Array.from({ length: 50 }, () => createRun(wanted()).manifest.id);
    expect(new Set(ids).size).toBe(50);
    expect(ids[0]).toMatch(new RegExp(`^${now.getUTCFullYear()}\\d{4}-\\d{6}-seed3-[0-9a-f]{6}$`));
  });

  it('leaves no folder behind when something cannot be written', () => {
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    expect(() => createRun(wanted({ config: { seed: 3 }, engine: circular as never }))).toThrow('circular');
    expect(readdirSync(join(runsRoot, 'quickstart'))).toEqual([]);
  });

  it('names the folder it may not write in', () => {
    mkdirSync(runsRoot, { mode: 0o555 });
    const asRoot = process.geteuid?.() === 0;
    try {
      if (asRoot) process.seteuid?.(65534); // root may write anywhere
      expect(() => createRun(wanted())).toThrow(
        `cannot make a run in ${runsRoot}/quickstart: no permission to write in ${runsRoot}. Change its permissions`,
      );
    } finally {
      if (asRoot) process.seteuid?.(0);
    }
  });

  it('names a file that stands in the way, and an experiment that leads out', () => {
    writeFileSync(runsRoot, '');
    expect(() => createRun(wanted())).toThrow(`a part of ${runsRoot} is a file, not a folder`);
    expect(() => createRun(wanted({ experiment: '../x' }))).toThrow('leads out of');
  });
});

describe('openRun', () => {
  it('is refused while the run is open, and goes on after it is closed', () => {
    const run = createRun(wanted());
    run.journal.append({ step: 1, epoch: 0, values: { loss: 1 } });
    expect(() => openRun(run.folder)).toThrow('is in use by this process');
    run.close();
    const again = openRun(run.folder);
    expect(again.manifest).toEqual(run.manifest);
    expect(again.journal.length).toBe(1);
    again.close();
    expect(existsSync(join(run.folder, 'run.lock'))).toBe(false);
  });

  it('takes away the mark of an error that ended the run', () => {
    const run = createRun(wanted());
    const file = join(run.folder, 'ended.json');
    run.markFailed('a loss is NaN');
    run.close();
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ state: 'failed', message: 'a loss is NaN' });
    openRun(run.folder).close();
    expect(existsSync(file)).toBe(false);
  });

  it('tells a process whose run another one goes on with by now, and writes no end there for it', () => {
    const run = createRun(wanted());
    expect(() => run.refuseIfLost()).not.toThrow();
    writeFileSync(join(run.folder, 'run.lock'), JSON.stringify({ pid: 7, host: 'node5', started: null }));
    expect(() => run.refuseIfLost()).toThrow(`${run.folder} is no longer locked by this process: another process has taken over the run`);
    run.markFailed('it is lost');
    run.close();
    expect(readdirSync(run.folder)).toContain('run.lock');
    expect(readdirSync(run.folder)).not.toContain('ended.json');
  });

  it('names what is not a run, and a damaged manifest', () => {
    expect(() => openRun(root)).toThrow(`${root} is not a run: it has no manifest.json`);
    const run = createRun(wanted());
    writeFileSync(join(run.folder, 'manifest.json'), '{');
    expect(() => readRun(run.folder)).toThrow(`${join(run.folder, 'manifest.json')}: is not JSON`);
  });
});

it('is finished when its report is written', () => {
  const run = createRun(wanted());
  run.writeReport({ json: { all: 0.58 }, markdown: '# 58\n' });
  expect(readReport(run.folder)).toMatchObject({ content: { all: 0.58 }, journalLines: 0, isChecked: true });
  expect(readFileSync(join(run.folder, 'report.md'), 'utf8')).toBe('# 58\n');
  expect(readRun(run.folder).finished).toBe(true);
});

it('is not looked for in folders of sweeps and cells', () => {
  const run = createRun(wanted(), noon(5, 'a'));
  mkdirSync(join(runsRoot, '.cells'));
  renameSync(run.folder, join(runsRoot, '.cells/moved'));
  expect(listRuns(runsRoot)).toEqual({ runs: [], damaged: [] });
});

describe('finding runs', () => {
  const make = (second: number, suffix: string, changes: Partial<NewRun> = {}) => {
    const run = createRun(wanted(changes), noon(second, suffix));
    run.close();
    return run;
  };

  it('takes a path, a path below the runs folder, an id, its beginning or its end', () => {
    const first = make(5, 'aaaaaa');
    const nested = make(6, 'bbbbbb', { experiment: 'ablations/cms' });
    for (const name of [nested.folder, `ablations/cms/${nested.manifest.id}`, nested.manifest.id, '20251123-120006', 'bbbbbb']) {
      expect(findRun(runsRoot, name).manifest).toEqual(nested.manifest);
    }
    expect(listRuns(runsRoot).runs.map(({ manifest }) => manifest.id)).toEqual([nested.manifest.id, first.manifest.id]);
  });

  it.each(['{', 'null', '[]', '{}', '{"id": 7}'])('lists the others where a manifest is %s', (text) => {
    const whole = make(5, 'aaaaaa');
    const damaged = make(6, 'bbbbbb');
    const file = join(damaged.folder, 'manifest.json');
    writeFileSync(file, text);
    const listed = listRuns(runsRoot);
    expect(listed.runs.map(({ manifest }) => manifest.id)).toEqual([whole.manifest.id]);
    const what = text === '{' ? 'is not JSON' : 'is not the manifest of a run';
    expect(listed.damaged.map(({ folder, error }) => [folder, error.message])).toEqual([
      [damaged.folder, `${file}: ${what}. The file was damaged: delete the run and train again`],
    ]);
  });

  it('lists the runs that fit, or the newest and the nearest', () => {
    expect(() => findRun(runsRoot, 'x')).toThrow(
      `there is no run x: ${runsRoot} has no runs. Train one: npx nx run trainer:train --exp=quickstart`,
    );
    make(5, 'aaaaaa');
    make(6, 'bbbbbb');
    const [older, newer] = ['quickstart/20251123-120005-seed3-aaaaaa', 'quickstart/20251123-120006-seed3-bbbbbb'];
    expect(() => findRun(runsRoot, '20251123')).toThrow(`2 runs in ${runsRoot} fit 20251123: ${newer}, ${older}. Give more of the id`);
    expect(() => findRun(runsRoot, '20251123-120005-seed3-aaaaab')).toThrow(
      `there is no run 20251123-120005-seed3-aaaaab in ${runsRoot}. Newest: ${newer}, ${older}. Did you mean 20251123-120005-seed3-aaaaaa?`,
    );
  });

  it('lists the unfinished runs of an experiment, the newest first, without the damaged ones', () => {
    const idsOf = (experiment: string) => unfinishedRuns(runsRoot, experiment).runs.map(({ manifest }) => manifest.id);
    expect(idsOf('quickstart')).toEqual([]);
    const older = make(1, 'a');
    const newer = make(2, 'b');
    make(3, 'c').writeReport({ json: {}, markdown: '' });
    make(4, 'd', { experiment: 'quickstart/deeper' });
    const open = createRun(wanted(), noon(5, 'e')); // a process works on it
    const damaged = make(6, 'f');
    writeFileSync(join(damaged.folder, 'manifest.json'), '');
    expect(idsOf('quickstart')).toEqual([open, newer, older].map(({ manifest }) => manifest.id));
    expect(unfinishedRuns(runsRoot, 'quickstart').damaged.map(({ folder }) => folder)).toEqual([damaged.folder]);
  });

  it('knows a run from before its experiment was renamed', () => {
    const before = make(1, 'a', { experiment: 'mini-avqa' });
    expect(unfinishedRuns(runsRoot, 'tass-small').runs.map(({ manifest }) => manifest.id)).toEqual([before.manifest.id]);
  });

  describe('through links', () => {
    const away = () => join(root, 'away');
    const moveAway = (folder: string) => {
      mkdirSync(away(), { recursive: true });
      renameSync(folder, join(away(), folder.split('/').at(-1)!));
      return join(away(), folder.split('/').at(-1)!);
    };

    it('finds a run by its id, whatever the link is called', () => {
      const here = make(5, 'aaaaaa');
      const { folder, manifest } = make(6, 'bbbbbb');
      const link = join(runsRoot, 'quickstart/baseline');
      symlinkSync(moveAway(folder), link);
      for (const name of [manifest.id, 'bbbbbb', 'baseline', link])
        expect(findRun(runsRoot, name)).toMatchObject({ folder: link, manifest });
      expect(listRuns(runsRoot).runs.map((run) => run.manifest.id)).toEqual([manifest.id, here.manifest.id]);
      expect(unfinishedRuns(runsRoot, 'quickstart').runs).toHaveLength(2);
    });

    it('finds all runs of a linked folder, each once, and ends in circles', () => {
      const { folder, manifest } = make(5, 'aaaaaa', { experiment: 'ablations/cms' });
      moveAway(folder);
      symlinkSync(away(), join(runsRoot, 'old'));
      symlinkSync(away(), join(runsRoot, 'old-too'));
      symlinkSync(runsRoot, join(runsRoot, 'ablations/up'));
      symlinkSync(join(root, 'runs'), join(root, 'linked-runs'));
      for (const from of [runsRoot, join(root, 'linked-runs')])
        expect(listRuns(from).runs.map((run) => run.manifest.id)).toEqual([manifest.id]);
    });

    it('names a link that leads nowhere', () => {
      const { folder } = make(5, 'aaaaaa');
      const gone = moveAway(folder);
      symlinkSync(gone, folder);
      rmSync(gone, { recursive: true });
      expect(listRuns(runsRoot).damaged.map(({ error }) => error.message)).toEqual([`${folder} is a link to ${gone}, which is not there`]);
    });
  });
});
