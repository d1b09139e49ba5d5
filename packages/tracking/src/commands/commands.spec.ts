import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fromSources, mlflowProgram, needsMlflow, runProgram, signalAtLock, withMlflow } from '@tass/testing';
import { freePort } from '../fixtures/mlflow';
import { expectPointsOfJournal, onlyRun, runsOf, storedRun } from '../fixtures/on-server';
import { SpecRuns } from '../fixtures/runs';
import { MlflowClient } from '../mlflow/client';
import { pullRuns } from '../mlflow/pull-runs';
import { mlflowServer } from '../mlflow/server';
import { isAnswered } from '../serve/mlflow-process';

const main = join(__dirname, '../main.ts');
const unset = {
  MLFLOW_TRACKING_URI: '',
  MLFLOW_TRACKING_USERNAME: '',
  MLFLOW_TRACKING_PASSWORD: '',
  MLFLOW_TRACKING_TOKEN: '',
  TASS_MLFLOW: '',
};

let runs: SpecRuns;
let project: string;
beforeEach(() => {
  runs = new SpecRuns();
  project = mkdtempSync(join(tmpdir(), 'tass-tracking-'));
  settings({});
});
afterEach(() => {
  runs.remove();
  rmSync(project, { recursive: true });
});
const settings = (more: object) => writeFileSync(join(project, '.tassrc.yaml'), JSON.stringify({ runs: runs.root, ...more }));
const tracking = async (words: readonly string[], environment: Record<string, string> = {}) => {
  const { code, output, errors } = await runProgram(main, words, { folder: project, environment: { ...unset, ...environment } });
  return { code, output: output.trimEnd(), errors: errors.trimEnd() };
};

describe('what cannot be done is said', () => {
  it.each<[readonly string[], number, string]>([
    [[], 2, 'tracking: nothing is not a command, expected sync, serve.'],
    [['snyc'], 2, 'tracking: snyc is not a command, expected sync, serve. Did you mean sync?'],
    [['sync'], 1, 'tracking: no MLflow server is set. Set the environment variable MLFLOW_TRACKING_URI, or in '],
    [['serve', '--port=0'], 2, 'tracking: --port=0 is not a port, expected a number from 1 to 65535'],
    [['serve', 'here'], 2, 'tracking: here is not expected.'],
  ])('%j', async (words, code, message) => {
    const ended = await tracking(words);
    expect([ended.code, ended.output]).toEqual([code, '']);
    expect(ended.errors).toMatch(message);
  });

  it('a server that is not there, a run that is not there', async () => {
    const uri = `http://127.0.0.1:${await freePort()}`;
    settings({ tracking: { uri } });
    expect(await tracking(['sync'])).toMatchObject({ code: 0, output: `there are no runs in ${runs.root}` });
    runs.create();
    expect(await tracking(['sync', 'x'])).toMatchObject({ code: 1, errors: expect.stringMatching('tracking: there is no run x in ') });
    const { code, errors } = await tracking(['sync']);
    expect([code, errors]).toEqual([1, `tracking: POST ${uri}/api/2.0/mlflow/experiments/search: nothing listens there (ECONNREFUSED)`]);
  });
});

it('a signal ends sync, which leaves no lock', async () => {
  const server = createServer((_, response) => void response.end('{}')).listen(0, '127.0.0.1'); // says yes to everything, and has nothing
  await once(server, 'listening');
  settings({ tracking: { uri: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } });
  const run = runs.create();
  run.close();
  const preload = join(project, 'signal.cjs');
  writeFileSync(preload, signalAtLock('mlflow.lock'));
  const { code, signal, errors } = await runProgram(main, ['sync'], { folder: project, environment: unset, preload: [preload] });
  server.close();
  expect([code, signal, errors]).toEqual([130, null, 'stopped; finished parts are kept. To resume: the same command again\n']);
  expect(readdirSync(run.folder)).not.toContain('mlflow.lock');
});

describe('a server of one’s own without MLflow', () => {
  const script = (name: string, lines: string) => {
    writeFileSync(join(project, name), `#!/bin/sh\n${lines}\n`);
    chmodSync(join(project, name), 0o755);
  };
  const serve = async () => tracking(['serve', `--port=${await freePort()}`], { PATH: `${project}:/bin:/usr/bin` });
  const cache = () => join(project, '.cache/mlflow');

  it('needs a program that is MLflow 3', async () => {
    expect((await tracking(['serve'], { TASS_MLFLOW: '/nowhere/mlflow' })).errors).toBe(
      'tracking: TASS_MLFLOW=/nowhere/mlflow is not the program of MLflow. Name it, or unset the variable',
    );
    script('mlflow', 'echo "mlflow, version 2.22.0"');
    expect((await serve()).errors).toMatch('tracking: mlflow on PATH is MLflow 2.22.0, expected 3 or newer.');
  });

  it('needs Python, not too old, with venv and something to install from', async () => {
    const advice = 'Install Python 3.10 or newer, or name an mlflow program in TASS_MLFLOW';
    const { errors } = await tracking(['serve', `--port=${await freePort()}`], { PATH: project });
    expect(errors).toBe(`tracking: there is no python3 on PATH. ${advice}`);
    script('mlflow', 'exit 1');
    script('python3', 'echo 3 9');
    expect((await serve()).errors).toBe(`tracking: python3 is 3 9. ${advice}`);
    script('python3', 'test "$1" = -c && echo 3 11 && exit; echo "ensurepip is not available"; exit 1');
    expect((await serve()).errors).toBe(
      'tracking: python3 cannot make an environment: ensurepip is not available. On Debian and Ubuntu: apt-get install python3-venv',
    );
    script('python', 'echo "ERROR: No matching distribution found for mlflow"; exit 1');
    script('python3', `test "$1" = -c && echo 3 11 && exit; mkdir -p $3/bin; cp ${project}/python $3/bin/python`);
    const failed = await serve();
    expect(failed.errors).toMatch(/^tracking: mlflow 3\.\d+\.\d+ cannot be installed: ERROR: No matching distribution found for mlflow$/);
    expect(failed.code).toBe(1);
  });

  it('installs it once, and begins again where an installation was not completed', async () => {
    script('mlflow', 'exit 1');
    script('own', 'echo "my database is broken" >&2; exit 3');
    script('python', `echo "Collecting mlflow"; echo "  noise"; cp ${project}/own $(dirname $0)/mlflow`);
    script('python3', `test "$1" = -c && echo 3 11 && exit; mkdir -p $3/bin; cp ${project}/python $3/bin/python`);
    const first = await serve();
    expect(first.output.split('\n').slice(1, 3)).toEqual([expect.stringMatching(/^installing mlflow 3/), 'Collecting mlflow']);
    expect(first.errors).toMatch(
      /^tracking: MLflow ended with 3 before it was ready\. The end of its log, .*server\.log:\nmy database is broken$/,
    );
    expect((await serve()).output).toMatch(/^starting .*\/\.cache\/mlflow\/mlflow-3\S*\/bin\/mlflow \.\.\.$/);
    const [environment] = [/starting (\S*)\/bin\/mlflow/.exec(first.output)![1]];
    expect(dirname(environment)).toBe(cache());
    rmSync(join(environment, 'installed')); // as after a kill
    expect((await serve()).output).toMatch('installing mlflow');
    expect(existsSync(join(cache(), 'install.lock'))).toBe(false);
  });
});

withMlflow(`tracking:serve, tracking:sync and pullRuns ${needsMlflow}`, () => {
  let folder: string;
  let uri: string;
  let server: ChildProcess;
  let output = '';
  const ended = (program: ChildProcess) => new Promise<number | null>((resolve) => program.once('exit', resolve));
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tass-serve-'));
    const port = await freePort();
    uri = `http://127.0.0.1:${port}`;
    server = spawn(process.execPath, [...fromSources, main, 'serve', `--port=${port}`, `--folder=${folder}/data`], {
      cwd: folder,
      env: { ...process.env, ...unset, TASS_MLFLOW: mlflowProgram },
    });
    await new Promise<void>((resolve, reject) => {
      server.stdout!.on('data', (data) => (output += data).includes('export ') && resolve());
      server.stderr!.on('data', (data) => reject(new Error(String(data))));
    });
  });
  afterAll(() => {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  const client = () => new MlflowClient(mlflowServer(uri, {})!);

  it('says where it is, and keeps its folder and port for itself', async () => {
    expect(output).toMatch(`MLflow: ${uri} (its data is in ${folder}/data; Ctrl-C stops it)`);
    expect(output).toMatch(`tracking: { uri: ${uri} }\nor in one shell:\nexport MLFLOW_TRACKING_URI=${uri}\n`);
    const environment = { TASS_MLFLOW: mlflowProgram! };
    const second = await tracking(['serve', `--port=${new URL(uri).port}`], environment);
    expect([second.code, second.errors]).toEqual([
      1,
      expect.stringMatching(/^tracking: port \d+ is in use by another program\. Choose another: --port=\d+$/),
    ]);
    const third = await tracking(['serve', `--port=${await freePort()}`, `--folder=${folder}/data`], environment);
    expect([third.code, third.errors]).toEqual([
      1,
      expect.stringMatching(`tracking: the data of MLflow in ${folder}/data is in use by process ${server.pid} on `),
    ]);
  });

  it('gets finished, live and dead runs and their sweep, once', async () => {
    settings({ tracking: { uri } });
    const sweepFolder = join(runs.root, '.sweeps/grid/s1');
    const sweep = { id: 's1', experiment: 'grid', folder: '.sweeps/grid/s1' };
    mkdirSync(sweepFolder, { recursive: true });
    const cells = [{ address: 'c1' }, { address: 'c2' }];
    writeFileSync(join(sweepFolder, 'sweep.json'), JSON.stringify({ id: 's1', experiment: 'grid', cells }));
    const finished = runs.create({ experiment: 'grid', sweep, cell: 'c1' });
    runs.epoch(finished, 1);
    runs.finish(finished);
    runs.close(finished);
    const live = runs.create({ experiment: 'grid', sweep, cell: 'c2' });
    runs.epoch(live, 1);
    const dead = runs.create({ experiment: 'single' });
    runs.close(dead);
    const damaged = runs.create({ experiment: 'damaged' });
    writeFileSync(join(damaged.folder, 'manifest.json'), '{');

    const first = await tracking(['sync']);
    const line = (run: { folder: string }) => first.output.split('\n').find((one) => one.includes(basename(run.folder)));
    expect(line(finished)).toMatch(/finished, 1 line and 6 files sent$/);
    expect(line(live)).toMatch(/running, 1 line and 2 files sent$/);
    expect(line(dead)).toMatch(/killed, 0 lines and 3 files sent$/);
    expect(line(damaged)).toMatch(/NOT SENT: .*manifest\.json: is not JSON/);
    expect(first.output.split('\n').at(-1)).toBe(`${uri}: 4 runs, 3 sent, 0 up to date before, 1 not sent`);
    expect(first.code).toBe(1);

    rmSync(damaged.folder, { recursive: true });
    const second = await tracking(['sync']);
    expect([second.code, second.output.split('\n').at(-1)]).toEqual([0, `${uri}: 3 runs, 0 sent, 3 up to date before, 0 not sent`]);
    const statuses = async () => {
      const all = await runsOf(client(), 'grid');
      return all.map(({ tags, status }) => `${tags['tass.kind'] ?? 'cell'} ${status}`).sort();
    };
    expect(await statuses()).toEqual(['cell FINISHED', 'cell RUNNING', 'sweep RUNNING']);
    runs.close(live);
    await tracking(['sync', live.manifest.id]);
    expect(await statuses()).toEqual(['cell FINISHED', 'cell KILLED', 'sweep KILLED']);
    runs.finish(live);
    await tracking(['sync', live.folder]);
    expect(await statuses()).toEqual(['cell FINISHED', 'cell FINISHED', 'sweep FINISHED']);
    for (const run of [finished, live]) {
      const { id } = await onlyRun(client(), 'grid', run.manifest.id);
      await expectPointsOfJournal(client(), run.folder, id);
    }
    const { id } = await onlyRun(client(), 'single', dead.manifest.id);
    expect((await storedRun(client(), id)).info.status).toBe('KILLED');
  });

  it('gives finished runs back, and nothing that leads out of the folder', async () => {
    settings({ tracking: { uri } });
    const [one, two, unfinished, evil] = [1, 2, 3, 4].map(() => runs.create({ experiment: 'back' }));
    for (const run of [one, two, evil]) {
      runs.epoch(run, 1);
      runs.finish(run);
    }
    for (const run of [one, two, unfinished, evil]) runs.close(run);
    expect((await tracking(['sync'])).code).toBe(0);
    const { id } = await onlyRun(client(), 'back', evil.manifest.id);
    const called = `A quick start · seed 3 (${id})`;
    const rename = (value: string) => client().post('runs/set-tag', { run_id: id, key: 'tass.run', value }, () => undefined);
    const target = join(project, 'pulled');
    mkdirSync(target);
    mkdirSync(join(target, 'back', two.manifest.id), { recursive: true });
    writeFileSync(join(target, 'back', two.manifest.id, 'manifest.json'), 'mine');
    const another = join(target, 'back', `.${one.manifest.id}.${process.pid}`); // a download of another machine, whose process has the same number
    mkdirSync(another);
    writeFileSync(join(another, 'half'), '');
    for (const name of ['../../evil', '..', '.', '.hidden', 'a/b', '/evil', 'C:\\evil', '']) {
      await rename(name);
      const { folders, left } = await pullRuns(client(), 'back', target);
      expect([...folders].sort()).toEqual([one, two].map(({ manifest }) => join(target, 'back', manifest.id)).sort());
      expect(left).toEqual([`${called}: its name back/${name} is not that of a run folder`]);
    }
    await rename('another');
    expect((await pullRuns(client(), 'back', target)).left).toEqual([`${called}: its manifest.json is that of another run, or damaged`]);
    for (const name of ['config.yaml', 'manifest.json', 'metrics.jsonl', 'report.json', 'report.md', 'predictions-test.jsonl']) {
      expect(readFileSync(join(target, 'back', one.manifest.id, name))).toEqual(readFileSync(join(one.folder, name)));
    }
    expect(readdirSync(another)).toEqual(['half']);
    expect(readdirSync(join(target, 'back', one.manifest.id))).not.toContain('half');
    expect(readFileSync(join(target, 'back', two.manifest.id, 'manifest.json'), 'utf8')).toBe('mine');
    await expect(pullRuns(client(), 'nothing', target)).rejects.toThrow(`${uri} has no experiment nothing`);
  });

  it('ends with Ctrl-C and leaves no process, no lock', async () => {
    server.kill('SIGINT');
    expect(await ended(server)).toBe(0);
    expect(await isAnswered(Number(new URL(uri).port))).toBe(false);
    expect(existsSync(join(folder, 'data/serve.lock'))).toBe(false);
    renameSync(join(folder, 'data/mlflow.db'), join(folder, 'mlflow.db')); // it is there
  });
});
