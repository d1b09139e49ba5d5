import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readCellStatus } from '@tass/sweep';
import { MiniatureProject, needsSlurm, resultsOf, SpecSlurm, until, withSlurm } from '@tass/testing';
import { runsOfCells } from './fixtures/runs-of-cells';

withSlurm(`a sweep on a real Slurm ${needsSlurm}`, () => {
  let project: MiniatureProject;
  let slurm: SpecSlurm;
  beforeAll(() => {
    project = new MiniatureProject();
    slurm = new SpecSlurm();
  });
  afterAll(() => {
    slurm?.stop();
    project?.remove();
  });

  const modest = { kind: 'slurm', memory: '1G', cpus: 1, pollSeconds: 0.2 };
  const words = Object.entries({ ...modest, kind: undefined }).flatMap(([key, value]) => (value ? [`launcher.${key}=${value}`] : []));
  const interruption = join(__dirname, 'fixtures/interrupt.cjs');
  /** Makes the launcher `disturbed`, whose jobs load the interruption; `variables` tell when it comes. */
  const disturbJobs = (variables: Record<string, string>): void => {
    const given = { NODE_OPTIONS: `$NODE_OPTIONS --require ${interruption}`, ...variables };
    const setup = Object.entries(given).map(([name, value]) => `export ${name}="${value}"`);
    writeFileSync(join(project.experiments, 'launcher/disturbed.yaml'), JSON.stringify({ ...modest, setup }));
  };
  const sweep = (given: string[], options: Parameters<MiniatureProject['sweep']>[1] = {}) =>
    project.sweep(given, { ...options, environment: { ...slurm.environment, ...options.environment } });
  const computed = () =>
    Object.fromEntries(Object.entries(runsOfCells(project.runs)).map(([cell, folders]) => [cell, folders.map(resultsOf)]));
  const forget = (): void => ['.cells', '.sweeps', 'miniature'].forEach((folder) => project.removeRuns(folder));
  /** The attempts of the only cell there is, and its log. */
  const onlyCell = () => {
    const [address, ...others] = readdirSync(join(project.runs, '.cells'));
    expect(others).toEqual([]);
    const folder = join(project.runs, '.cells', address);
    return { attempts: readCellStatus(folder).attempts, log: readFileSync(join(folder, 'log.txt'), 'utf8') };
  };
  const submissions = (grid: string): string[] => {
    const sweeps = join(project.runs, '.sweeps', grid);
    return readdirSync(sweeps).flatMap((id) => readdirSync(join(sweeps, id, 'launcher/slurm')));
  };

  let uninterrupted: ReturnType<typeof computed>;
  let inSecondEpoch: string; // a step of it; who goes on from the first checkpoint makes fewer

  it('makes the data by a job, then runs the cells as one array, and gives the figures of a local sweep', async () => {
    const { code, output, errors } = await sweep(['--exp=miniature-grid', 'launcher=slurm', ...words]);
    expect([code, errors]).toEqual([0, expect.stringContaining('all done')]);
    expect(errors.match(/data: made by a job on Slurm/g)).toHaveLength(1);
    expect(errors.match(/^started .*\(Slurm job \d+_[0-3] on \S+\)$/gm)).toHaveLength(4);
    expect(output).toContain('4 of 4 succeeded');
    expect(submissions('miniature-grid')).toHaveLength(1);
    const onSlurm = computed();
    expect(Object.values(onSlurm).map((runs) => runs.length)).toEqual([1, 1, 1, 1]);

    forget();
    const local = await project.sweep(['--exp=miniature-grid']);
    expect([local.code, local.errors]).toEqual([0, expect.not.stringContaining('data: made')]);
    uninterrupted = computed();
    expect(onSlurm).toEqual(uninterrupted);
    const [run] = uninterrupted['synchrony=1 seed=1'] as { 'metrics.jsonl': { step: number }[] }[];
    const steps = run['metrics.jsonl'].at(-1)!.step;
    inSecondEpoch = String(Math.round(0.75 * steps));
  });

  it('jobs work with the settings and the server of their sweep where Slurm passes on no variable', async () => {
    forget();
    rmSync(project.world, { recursive: true }); // for a job that makes the data
    const settings = join(project.folder, '.tassrc.yaml');
    const before = readFileSync(settings, 'utf8');
    writeFileSync(settings, 'experiments: experiments\nruns: ${oc.env:SCRATCH}/runs\n');
    const asked: string[] = []; // for what, and by whom
    const server = createServer(({ url, headers }, response) => {
      asked.push(`${url} ${headers.authorization}`);
      response.writeHead(401).end('who is that?');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const environment = {
      ...{
        SBATCH_EXPORT: 'NONE',
        SCRATCH: project.folder,
        MLFLOW_TRACKING_URI: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      },
      ...{ MLFLOW_TRACKING_USERNAME: 'somebody', MLFLOW_TRACKING_PASSWORD: 'secret of the specs' },
    };
    try {
      const { code, errors } = await sweep(['--exp=miniature', 'launcher=slurm', ...words], { environment });
      expect([code, errors]).toEqual([0, expect.stringContaining('all done')]);
      expect(errors).toContain('data: made by a job on Slurm');
      const signedIn = `Basic ${Buffer.from('somebody:secret of the specs').toString('base64')}`;
      const ofCell = asked.filter((line) => line.includes('experiments/get-by-name?experiment_name=miniature '));
      expect(ofCell.length).toBeGreaterThan(1); // the last one is the sweep's own
      for (const line of asked) expect(line.endsWith(signedIn)).toBe(true);
      expect(onlyCell().log).toContain('does not have all of this run');
      expect(computed()).toMatchObject({ 'synchrony=1 seed=1': uninterrupted['synchrony=1 seed=1'] }); // and the samples of its mirror
      const files = readdirSync(project.folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      const leaks = files.filter(({ parentPath, name }) => readFileSync(join(parentPath, name)).includes('secret of the specs'));
      expect(leaks.map(({ name }) => name)).toEqual([]); // all jobs have ended
    } finally {
      server.closeAllConnections();
      server.close();
      writeFileSync(settings, before);
    }
  });

  it('a cell whose worker is killed is failed, begun again, and goes on from its checkpoint', async () => {
    forget();
    disturbJobs({ INTERRUPT_STEP: inSecondEpoch, INTERRUPT_SIGNAL: 'SIGKILL' });
    const { code, errors } = await sweep(['--exp=miniature', 'launcher=disturbed', '--retry=1']);
    expect([code, errors]).toEqual([0, expect.stringMatching(/failed +miniature \(killed by SIGKILL\).*; begun again, for the last time/)]);
    const { attempts, log } = onlyCell();
    expect(attempts.map(({ end }) => [end?.state, end?.message])).toEqual([
      ['failed', 'killed by SIGKILL'],
      ['succeeded', null],
    ]);
    expect(log).toContain(', from epoch 2, batch 1');
    expect(computed()).toEqual({ 'synchrony=1 seed=1': uninterrupted['synchrony=1 seed=1'] });
  });

  it('a task cancelled while it trains saves, is submitted again and goes on from there', async () => {
    forget();
    const held = join(project.folder, 'held');
    disturbJobs({ INTERRUPT_STEP: inSecondEpoch, INTERRUPT_HOLD: held });
    const running = sweep(['--exp=miniature', 'launcher=disturbed']);
    await until(() => existsSync(held));
    const state = () => slurm.ask('squeue', '--noheader', '--states=all', '--array', '--format=%T');
    expect(state()).toContain('RUNNING');
    slurm.ask('scancel', ...slurm.ask('squeue', '--noheader', '--states=RUNNING', '--format=%A').split('\n'));
    await until(() => !state().includes('RUNNING'));
    await pause(4000); // for the signal to reach the worker
    rmSync(held);
    const { code, errors } = await running;
    expect([code, errors]).toEqual([0, expect.stringMatching(new RegExp(`stopped +miniature at step ${inSecondEpoch}: exit code 143`))]);
    const { attempts, log } = onlyCell();
    expect(attempts.map(({ end }) => [end?.state, end?.step])).toEqual([
      ['preempted', Number(inSecondEpoch)],
      ['succeeded', expect.any(Number)],
    ]);
    expect(log).toMatch(/SIGTERM: finishing the step[^]*, from epoch 2, batch [2-9]/);
    expect(submissions('miniature')).toHaveLength(2);
    expect(computed()).toEqual({ 'synchrony=1 seed=1': uninterrupted['synchrony=1 seed=1'] });
  });

  it('after the sweep was killed, --resume takes over its jobs and each cell is run once', async () => {
    forget();
    const words = ['launcher=disturbed', 'launcher.concurrent=1'];
    disturbJobs({});
    const killed = await sweep(['--exp=miniature-grid', ...words], {
      onError: (text, program) => void (/^started/m.test(text) && program.kill('SIGKILL')),
    });
    expect(killed.signal).toBe('SIGKILL');
    const resumed = await sweep(['--exp=miniature-grid', '--resume']);
    expect([resumed.code, resumed.errors]).toEqual([0, expect.stringContaining('all done')]);
    expect(readdirSync(join(project.runs, 'miniature'))).toHaveLength(4); // every cell was begun once
    expect(submissions('miniature-grid')).toHaveLength(1);
    expect(computed()).toEqual(uninterrupted);
  });
});
