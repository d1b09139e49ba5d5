import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identityOf, lockFolder } from '@tass/files';
import { fromSources, needsMlflow, runProgram, withMlflow } from '@tass/testing';
import { draws, FaultProxy } from '../fixtures/fault-proxy';
import { SpecServer } from '../fixtures/mlflow';
import { onlyRun, runsOf } from '../fixtures/on-server';
import { SpecRuns } from '../fixtures/runs';
import { startMirror } from '../mirror/mirror';
import type { Run } from '../run';
import type { RemoteRun } from './api';
import { MlflowClient } from './client';
import { mlflowServer } from './server';
import { syncRun } from './sync-run';
import { syncSweep, syncSweepOf } from './sync-sweep';

withMlflow(`the MLflow run of a sweep ${needsMlflow}`, () => {
  let server: SpecServer;
  let client: MlflowClient;
  let runs: SpecRuns;
  beforeAll(async () => {
    server = await SpecServer.start();
    client = server.client();
  });
  afterAll(() => server?.stop());
  beforeEach(() => (runs = new SpecRuns()));
  afterEach(() => runs.remove());

  /** A sweep of one method with seeds 1 to `seeds`, its folder and the runs of its cells, which have begun. */
  function begin(experiment: string, seeds: number, title: string | undefined = 'Grid of TASS'): { folder: string; cells: Run[] } {
    const place = join('.sweeps', experiment, '7');
    const folder = join(runs.root, place);
    mkdirSync(folder, { recursive: true });
    const addresses = Array.from({ length: seeds }, (_, index) => `${index}`.padStart(32, 'c'));
    const cells = addresses.map((address, index) => ({
      address,
      name: `tass seed=${index + 1}`,
      title: 'TASS',
      overrides: ['epochs=4', `seed=${index + 1}`],
    }));
    writeFileSync(join(folder, 'sweep.json'), JSON.stringify({ id: '7', experiment, title, grid: { overrides: ['epochs=4'] }, cells }));
    const sweep = { id: '7', experiment, folder: place };
    return { folder, cells: addresses.map((cell, index) => runs.create({ experiment, sweep, cell, seed: index + 1 })) };
  }
  const end = (run: Run, val: number, test: number): void => {
    runs.epoch(run, 1, { 'val/accuracy/All': val });
    run.journal.append({ step: 10, epoch: 1, values: { 'test/accuracy/All': test } });
    run.journal.commit();
    runs.finish(run);
  };
  const parentOf = async (experiment: string): Promise<RemoteRun> => {
    const [parent, ...more] = (await runsOf(client, experiment)).filter(({ tags }) => tags['tass.kind'] === 'sweep');
    expect(more).toEqual([]);
    return parent;
  };
  const noteOf = ({ tags }: RemoteRun): string => (tags['mlflow.note.content'] ?? '').replaceAll('&emsp;', '');

  it('has its title, and when a cell ends a table and a link to the best run', async () => {
    const { folder, cells } = begin('table', 3);
    const unlock = lockFolder(folder, { file: 'sweep.lock', what: 'the sweep' });
    for (const run of cells) await syncRun(run.folder, client);
    expect(await parentOf('table')).toMatchObject({ name: 'Grid of TASS (epochs=4)', status: 'RUNNING' });

    const mirror = startMirror({ folder: cells[0].folder, server: mlflowServer(server.uri, {})! }, fromSources);
    end(cells[0], 40, 30);
    expect(await mirror.finish(200)).toEqual({ complete: true });
    const first = await parentOf('table');
    expect(first.status).toBe('RUNNING');
    expect(noteOf(first)).toContain('| TASS (epochs=4) | 1 of 3 | 40.00 | 30.00 |');
    expect(first.tags['tass.bestRun']).toBe(cells[0].manifest.id);

    end(cells[1], 50, 20);
    await syncRun(cells[1].folder, client);
    await syncSweepOf(cells[1].folder, client);
    const second = await parentOf('table');
    const { id, experimentId } = await onlyRun(client, 'table', cells[1].manifest.id);
    expect(noteOf(second)).toContain('| TASS (epochs=4) | 2 of 3 | 45.00 ± 7.07 | 25.00 ± 7.07 |');
    expect(noteOf(second)).toContain(`[TASS (epochs=4) · seed 2](#/experiments/${experimentId}/runs/${id}): val 50.00, test 20.00.`);
    expect(second.tags['tass.bestRun']).toBe(cells[1].manifest.id);
    unlock();

    cells[2].close(); // its process is gone
    expect(await syncSweep(runs.root, folder, client)).toBe('KILLED');
    const last = await parentOf('table');
    expect([last.status, noteOf(last)]).toEqual(['KILLED', expect.stringContaining('2 of 3 cells are done, 1 stopped. ')]);
  });

  it.each(['FAILED', 'KILLED'])('is %s by its last cell, which its mirror sends before it gives its lock back', async (state) => {
    const { cells } = begin(`last ${state}`, 2);
    end(cells[0], 40, 30);
    await syncRun(cells[0].folder, client);
    const mirror = startMirror({ folder: cells[1].folder, server: mlflowServer(server.uri, {})! }, fromSources);
    if (state === 'FAILED') cells[1].markFailed('loss is NaN');
    expect(await mirror.finish(200)).toEqual({ complete: true });
    const parent = await parentOf(`last ${state}`);
    expect(parent.status).toBe(state);
    expect(noteOf(parent)).toContain(`1 of 2 cells are done, 1 ${state === 'FAILED' ? 'failed' : 'stopped'}. `);
  });

  it('has every cell, although one ends while the table of another is on its way', async () => {
    const { cells } = begin('on its way', 2);
    const proxy = await FaultProxy.start(server.uri, (request) => {
      if (/log-batch/.test(request) && !existsSync(join(cells[1].folder, 'report.json'))) end(cells[1], 50, 20);
      return undefined;
    });
    for (const run of cells) await syncRun(run.folder, client);
    end(cells[0], 40, 30);
    await syncSweepOf(cells[0].folder, new MlflowClient(mlflowServer(proxy.uri, {})!));
    await proxy.stop();
    const parent = await parentOf('on its way');
    expect([parent.status, noteOf(parent)]).toEqual(['FINISHED', expect.stringContaining('| 2 of 2 | 45.00 ± 7.07 | 25.00 ± 7.07 |')]);
  });

  it('is sent with its runs although a process on another machine, of which nobody knows whether it lives, has locked its folder', async () => {
    const { folder, cells } = begin('locked', 2);
    await syncRun(cells[0].folder, client);
    writeFileSync(join(folder, 'mlflow.lock'), JSON.stringify({ ...identityOf(), host: 'elsewhere' }));
    for (const run of cells) end(run, 40, 30);
    expect(await syncRun(cells[1].folder, client)).toMatchObject({ state: 'FINISHED', left: [] });
    await syncSweepOf(cells[1].folder, client);
    const parent = await parentOf('locked');
    expect([parent.status, noteOf(parent)]).toEqual(['FINISHED', expect.stringContaining('2 of 2 cells are done. ')]);
  });

  it('sends nothing that is there already', async () => {
    const requests: string[] = [];
    const proxy = await FaultProxy.start(server.uri, (request) => void requests.push(request));
    const through = new MlflowClient(mlflowServer(proxy.uri, {})!);
    const { folder, cells } = begin('equal', 1);
    end(cells[0], 40, 30);
    await syncRun(cells[0].folder, through);
    const writing = async (): Promise<string[]> => {
      requests.length = 0;
      await syncSweep(runs.root, folder, through, { isOver: true });
      return requests.filter((request) => !/ \S*\/(runs\/search|runs\/get\?|experiments\/get-by-name)/.test(request));
    };
    expect(await writing()).toEqual([expect.stringMatching('runs/update'), expect.stringMatching('runs/log-batch')]);
    expect(await writing()).toEqual([]);
    await proxy.stop();
  });

  it('lists all cells that end at one time', async () => {
    const { cells } = begin('together', 6);
    for (const [index, run] of cells.entries()) end(run, 40 + index, 30);
    await Promise.all(
      cells.map(async (run) => {
        await syncRun(run.folder, client);
        await syncSweepOf(run.folder, client);
      }),
    );
    expect(noteOf(await parentOf('together'))).toContain('| TASS (epochs=4) | 6 of 6 | 42.50 ± 1.87 | 30.00 ± 0.00 |');
  });

  it('is completed after those that write it were killed', async () => {
    const { cells } = begin('killed table', 2);
    for (const run of cells) end(run, 40, 30);
    const random = draws(3);
    const signals: unknown[] = [];
    for (let kill = 1; kill <= 6; kill++) {
      const onError = (text: string, program: ChildProcess) => {
        if (text.startsWith('begun')) setTimeout(() => program.kill('SIGKILL'), 600 * random());
      };
      const words = [cells[kill % 2].folder, server.uri];
      signals.push((await runProgram(join(__dirname, '../fixtures/sync-once.ts'), words, { folder: runs.root, onError })).signal);
    }
    expect(signals).toContain('SIGKILL');
    for (const run of cells) await syncRun(run.folder, client);
    await syncSweepOf(cells[0].folder, client);
    const parent = await parentOf('killed table');
    expect([parent.status, noteOf(parent)]).toEqual(['FINISHED', expect.stringContaining('| 2 of 2 | 40.00 ± 0.00 | 30.00 ± 0.00 |')]);
  });

  it('a name from before is replaced, one that a person has given is kept', async () => {
    const { folder, cells } = begin('renamed', 1);
    const [run] = cells;
    await syncRun(run.folder, client);
    const rename = async (parent: string, child: string): Promise<string[]> => {
      const ids = [(await parentOf('renamed')).id, (await onlyRun(client, 'renamed', run.manifest.id)).id];
      for (const [index, run_name] of [parent, child].entries())
        await client.post('runs/update', { run_id: ids[index], run_name }, () => undefined);
      await syncRun(run.folder, client);
      await syncSweep(runs.root, folder, client);
      return [(await parentOf('renamed')).name, (await onlyRun(client, 'renamed', run.manifest.id)).name];
    };
    const ours = ['Grid of TASS (epochs=4)', 'A quick start (epochs=4) · seed 1'];
    expect(await rename('7', run.manifest.id)).toEqual(ours);
    expect(await rename('For the paper', 'mine')).toEqual(['For the paper', 'mine']);
    expect(await rename(ours[0], ours[1])).toEqual(ours);
  });
});
