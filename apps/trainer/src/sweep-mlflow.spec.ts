import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readCellStatus } from '@tass/sweep';
import { readFinalMetrics, readRun } from '@tass/tracking';
import { MiniatureProject, needsMlflow, resultsOf, runProgram, withMlflow, type EndedProgram } from '@tass/testing';
import { entriesOf, freePort, SilentServer, SpecMlflow, type StoredRun } from './fixtures/mlflow';
import { runsOfCells } from './fixtures/runs-of-cells';

const tracking = join(__dirname, '../../../packages/tracking/src/main.ts');
const password = 'correct horse battery staple';
const secrets = [password, Buffer.from(`somebody:${password}`).toString('base64')];
const finishSeconds = 20; // for which a cell, and then the sweep, may wait for a server
const slowness = 25; // seconds that a busy machine may add; less than the 30 s that an answer is waited for

withMlflow(`a sweep that is mirrored to MLflow ${needsMlflow}`, () => {
  const server = new SpecMlflow();
  let project: MiniatureProject;
  let uninterrupted: ReturnType<typeof computed>;
  let trainingSeconds: number;
  const said: string[] = []; // by all programs
  const leaks: string[] = []; // files with the password
  let addresses = 0; // files with the server's address, to show that they were read
  beforeAll(async () => {
    project = new MiniatureProject();
    writeFileSync(join(project.experiments, 'pair.yaml'), 'title: pair\nsweep: { experiments: [miniature], seeds: [1, 2] }\n');
    const [{ code }] = await Promise.all([project.sweep(['--exp=pair']), server.start()]);
    expect(code).toBe(0);
    uninterrupted = computed();
    trainingSeconds = Math.max(...runs().map(secondsOf));
  });
  afterAll(() => {
    server.stop();
    project?.remove();
  });

  afterEach(() => {
    for (const entry of readdirSync(project.folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const text = readFileSync(join(entry.parentPath, entry.name), 'latin1');
      if (secrets.some((secret) => text.includes(secret))) leaks.push(entry.name);
      if (text.includes(server.uri)) addresses++;
    }
  });

  const environmentFor = (uri: string) => ({
    MLFLOW_TRACKING_URI: uri,
    MLFLOW_TRACKING_USERNAME: 'somebody', // the server takes everyone
    MLFLOW_TRACKING_PASSWORD: password,
  });
  const heard = (ended: EndedProgram): EndedProgram => {
    said.push(ended.output, ended.errors);
    return ended;
  };
  /** A new sweep of both cells. */
  const sweep = async (uri: string): Promise<EndedProgram> => {
    for (const folder of ['.cells', '.sweeps', 'miniature']) project.removeRuns(folder);
    return heard(await project.sweep(['--exp=pair'], { environment: environmentFor(uri) }));
  };
  const sync = async (): Promise<EndedProgram> =>
    heard(await runProgram(tracking, ['sync'], { folder: project.folder, environment: environmentFor(server.uri) }));
  const runs = (): string[] => Object.values(runsOfCells(project.runs)).flat();
  /** What was computed, without the files of the mirror itself. */
  const computed = () =>
    Object.fromEntries(
      Object.entries(runsOfCells(project.runs)).map(([cell, folders]) => {
        const results = folders.map((folder) => {
          const { 'mlflow.json': _sent, 'system.jsonl': _system, ...result } = resultsOf(folder);
          return result;
        });
        return [cell, results];
      }),
    );
  const secondsOf = (folder: string): number =>
    (readFinalMetrics(folder).at(-1)!.time - Date.parse(readRun(folder).manifest.createdAt)) / 1000;
  const cells = (): string[] => readdirSync(join(project.runs, '.cells')).map((address) => join(project.runs, '.cells', address));
  const logOf = (cell: string): string => readFileSync(join(cell, 'log.txt'), 'utf8');

  const idOf = ({ data }: StoredRun) => entriesOf(data.tags)['tass.run'];
  const storedName = (name: string): string => (/^(test|throughput)/.test(name) ? name.replaceAll('/', '.') : name);

  /** Holds the server against the run folders of the newest sweep: every point of every metric, each once, below one parent that is done. */
  const expectAllThere = async (): Promise<void> => {
    const [sweepId] = readdirSync(join(project.runs, '.sweeps/pair'));
    const stored = await server.runsOf('pair');
    const ofSweep = stored.filter(({ data }) => entriesOf(data.tags)['tass.sweep'] === sweepId);
    const isParent = ({ data }: StoredRun) => entriesOf(data.tags)['tass.kind'] === 'sweep';
    const [parent, ...otherParents] = ofSweep.filter(isParent);
    expect(otherParents).toEqual([]);
    expect(parent.info).toMatchObject({ run_name: 'pair', status: 'FINISHED', end_time: expect.any(Number) });
    expect(entriesOf(parent.data.tags)['mlflow.note.content']).toMatch(
      /^Best on val: \[miniature · seed \d\]\(#\/experiments\/\d+\/runs\/\w+\): .*\| miniature\S* \| 2 of 2/s,
    );
    const children = ofSweep.filter((run) => !isParent(run));
    expect(children.map(({ info }) => info.run_name).sort()).toEqual(['miniature · seed 1', 'miniature · seed 2']);
    expect(children.map(idOf).sort()).toEqual(runs().map((folder) => basename(folder)).sort()); // prettier-ignore
    for (const folder of runs()) {
      const { info, data } = children.find((child) => idOf(child) === basename(folder))!;
      const records = readFinalMetrics(folder);
      const names = [...new Set(records.flatMap(({ values }) => Object.keys(values)))].sort();
      const isSample = (name: string): boolean => name.startsWith('system/') && !names.includes(name);
      const storedNames = Object.keys(entriesOf(data.metrics)).filter((name) => !isSample(name));
      expect(storedNames.sort()).toEqual(names.map(storedName).sort());
      for (const name of names) {
        const points = records
          .filter(({ values }) => name in values)
          .map(({ step, time, values }) => ({ step: name.startsWith('test/') ? 0 : step, timestamp: time, value: values[name] }));
        expect(await server.historyOf(info.run_id, storedName(name))).toEqual(points.map((point) => expect.objectContaining(point)));
      }
      expect(info.status).toBe('FINISHED');
      expect(entriesOf(data.tags)['mlflow.parentRunId']).toBe(parent.info.run_id);
      expect(entriesOf(data.params).seed).toBe(String(readRun(folder).manifest.seed));
    }
  };

  it('has in MLflow what is in the run folders, and computes the same as without it', async () => {
    const { code, errors } = await sweep(server.uri);
    expect([code, errors]).toEqual([0, expect.stringContaining('all done')]);
    expect(computed()).toEqual(uninterrupted);
    for (const cell of cells()) expect(logOf(cell)).not.toContain('tracking:');
    await expectAllThere();
  });

  it('a run that is evaluated afterwards is sent again without a fault, once', async () => {
    const [run] = runs();
    expect(heard(await project.evaluate([`--run=${run}`], { environment: environmentFor(server.uri) })).code).toBe(0);
    expect((await sync()).code).toBe(0);
    expect((await sync()).output).toContain('2 runs, 0 sent, 2 up to date before, 0 not sent');
    await expectAllThere();
  });

  it('where nothing listens, succeeds with the same figures, says once for each cell what is missing; sync sends it', async () => {
    const { code, errors } = await sweep(`http://127.0.0.1:${await freePort()}`);
    expect([code, errors]).toEqual([0, expect.stringContaining('all done')]);
    expect(errors.match(/nothing listens there.*The end of the sweep is not on the server/g)).toHaveLength(1);
    expect(computed()).toEqual(uninterrupted);
    for (const cell of cells()) {
      const log = logOf(cell);
      expect(log.match(/does not have all of this run \(0 of \d+ lines of metrics are there\)/g)).toHaveLength(1);
      expect(log.match(/Training continues/g)?.length ?? 0).toBeLessThanOrEqual(1); // told while it trains, where that takes long enough
    }
    const sent = await sync();
    expect([sent.code, sent.output]).toEqual([0, expect.stringContaining('2 runs, 2 sent, 0 up to date before, 0 not sent')]);
    await expectAllThere();
  });

  it('where the server never answers, training is not slowed and a cell ends within its time', async () => {
    const silent = new SilentServer();
    const { code, errors } = await sweep(await silent.start());
    silent.stop();
    expect([code, errors]).toEqual([0, expect.stringContaining('The end of the sweep is not on the server')]);
    expect(silent.connections).toBeGreaterThanOrEqual(3); // of two cells and the sweep
    expect(computed()).toEqual(uninterrupted);
    for (const run of runs()) expect(secondsOf(run)).toBeLessThan(trainingSeconds + slowness);
    for (const cell of cells()) {
      const [{ run, end }] = readCellStatus(cell).attempts;
      const lastLine = readFinalMetrics(join(project.runs, run!)).at(-1)!.time;
      expect((Date.parse(end!.at) - lastLine) / 1000).toBeLessThan(finishSeconds + slowness);
      expect(logOf(cell).match(/does not have all of this run/g)).toHaveLength(1);
    }
  });

  it('the password is in no file, no output and nowhere in MLflow', async () => {
    expect(addresses).toBeGreaterThan(0);
    expect(leaks).toEqual([]);
    const heardAndStored = [...said, JSON.stringify(await server.runsOf('pair'))].join('');
    expect(heardAndStored).toContain('seed2');
    for (const secret of secrets) expect(heardAndStored.includes(secret)).toBe(false);
  });
});
