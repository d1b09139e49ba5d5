import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { artifactsOn, expectPointsOfJournal, historyOf, modelsOf, onlyRun, runsOf, storedRun } from '../fixtures/on-server';
import { needsMlflow, withMlflow } from '@tass/testing';
import { SpecServer } from '../fixtures/mlflow';
import { SpecRuns } from '../fixtures/runs';
import { dataKey } from '../data-key';
import { openRun, type Run } from '../run';
import type { MlflowClient } from './client';
import { syncRun } from './sync-run';

withMlflow(`syncRun and a real server ${needsMlflow}`, () => {
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

  const remoteOf = ({ manifest }: Run) => onlyRun(client, manifest.experiment, manifest.id);

  it('sends a live run, its next epoch, and its end', async () => {
    const run = runs.create();
    runs.epoch(run, 1);
    run.journal.append({ step: 15, epoch: 2, values: { 'train/total': 7 } }); // not final
    expect(await syncRun(run.folder, client)).toMatchObject({ state: 'RUNNING', lines: 1, files: 2, left: [] });
    const { id, experimentId } = await remoteOf(run);
    const live = await storedRun(client, id);
    expect(live.info).toMatchObject({
      status: 'RUNNING',
      start_time: Date.parse(run.manifest.createdAt),
      run_name: 'A quick start · seed 3',
    });
    expect(live.info.end_time).toBeUndefined();
    await expectPointsOfJournal(client, run.folder, id);

    run.journal.cutTo(1);
    runs.epoch(run, 2);
    runs.finish(run);
    run.close();
    expect(await syncRun(run.folder, client)).toMatchObject({ state: 'FINISHED', lines: 1, files: 4, left: [] });
    const stored = await storedRun(client, id);
    const ended = Math.round(statSync(join(run.folder, 'report.json')).mtimeMs);
    expect(stored.info).toMatchObject({ status: 'FINISHED', end_time: ended });
    await expectPointsOfJournal(client, run.folder, id);
    expect(stored.params).toEqual({
      ...{ title: 'A quick start', 'dataset.kind': 'mini-avqa', 'dataset.root': 'null' },
      ...{ 'model.jtg.stream': 'single', 'model.sizes': '[1,2]' },
    });
    expect(stored.tags).toMatchObject({
      'tass.run': run.manifest.id,
      'tass.experiment': 'quickstart',
      'tass.engine.backend': 'wasm',
      'tass.network': 'tass',
      'tass.dataset': 'mini-avqa',
      'tass.dataset.questions': dataKey(run.manifest, { kind: 'mini-avqa' }).id,
      'mlflow.source.name': 'trainer:train --exp=quickstart seed=3',
      'mlflow.note.content': '# 58 %\n',
    });
    expect(stored.inputs).toHaveLength(2);
    expect(stored.inputs).toContainEqual({
      tags: [{ key: 'mlflow.data.context', value: 'test' }],
      dataset: expect.objectContaining({ name: 'mini-avqa/test', digest: 'e'.repeat(36) }),
    });
    expect(await artifactsOn(client, id)).toEqual({
      'config.yaml': statSync(join(run.folder, 'config.yaml')).size,
      'manifest.json': statSync(join(run.folder, 'manifest.json')).size,
      'metrics.jsonl': statSync(join(run.folder, 'metrics.jsonl')).size,
      ...{ 'predictions-test.jsonl': 17, 'report.json': statSync(join(run.folder, 'report.json')).size, 'report.md': 7 },
    });

    const [model, ...more] = await modelsOf(client, experimentId);
    expect(more).toEqual([]);
    expect(model.info).toMatchObject({ status: 'LOGGED_MODEL_READY', source_run_id: id, name: 'quickstart' });
    expect(stored.models).toEqual([{ model_id: model.info.model_id, step: 20 }]);
    const place = model.info.artifact_uri.replace('mlflow-artifacts:/', '');
    expect((await client.download(`${place}/best.safetensors`)).toString()).toBe(`parameters of ${run.manifest.id}`);
  });

  it('makes no doubles: not twice, not with mlflow.json lost, not with a position of long ago', async () => {
    const run = runs.create({ experiment: 'again' });
    runs.epoch(run, 1);
    await syncRun(run.folder, client);
    const early = readFileSync(join(run.folder, 'mlflow.json'));
    runs.epoch(run, 2);
    runs.finish(run);
    run.close();
    await syncRun(run.folder, client);
    expect(await syncRun(run.folder, client)).toMatchObject({ lines: 0, files: 0 });
    writeFileSync(join(run.folder, 'mlflow.json'), early);
    expect(await syncRun(run.folder, client)).toMatchObject({ lines: 1 });
    rmSync(join(run.folder, 'mlflow.json'));
    expect(await syncRun(run.folder, client)).toMatchObject({ lines: 2 });
    writeFileSync(join(run.folder, 'mlflow.json'), '{"server"');
    await syncRun(run.folder, client);
    const { id, experimentId } = await remoteOf(run);
    await expectPointsOfJournal(client, run.folder, id);
    expect(await modelsOf(client, experimentId)).toHaveLength(1);
    expect((await storedRun(client, id)).inputs).toHaveLength(2);
  });

  it('tells killed, failed, resumed and stopped runs', async () => {
    const run = runs.create({ experiment: 'ends' });
    const state = async (options = {}) => {
      await syncRun(run.folder, client, options);
      return (await storedRun(client, (await remoteOf(run)).id)).info;
    };
    runs.epoch(run, 1);
    expect(await state()).toMatchObject({ status: 'RUNNING' });
    run.close(); // as after a kill: the lock's process is gone
    expect((await state()).status).toBe('KILLED');
    expect((await state()).end_time).toBeGreaterThan(Date.now() - 300_000);

    const resumed = openRun(run.folder);
    const again = await state();
    expect(again.status).toBe('RUNNING');
    expect(again.end_time).toBeUndefined();
    resumed.markFailed('the loss is NaN');
    expect((await state()).status).toBe('RUNNING'); // as long as its process is at it
    expect((await state({ isOver: true })).status).toBe('FAILED');
    resumed.close();
    const { id } = await remoteOf(run);
    expect((await storedRun(client, id)).tags['mlflow.note.content']).toBe('Failed: the loss is NaN');

    const third = openRun(run.folder);
    expect((await state({ isOver: true })).status).toBe('KILLED');
    third.close();
    await expectPointsOfJournal(client, run.folder, id);
  });

  it('puts the runs of a sweep below one parent, also when they begin together', async () => {
    const sweep = { id: '20251123-120000-ab', experiment: 'ablations', folder: '.' };
    const cells = ['ablations', 'ablations/without-cms', 'ablations'].map((experiment, cell) =>
      runs.create({ experiment, sweep, cell: `0${cell}` }),
    );
    await Promise.all(cells.map(({ folder }) => syncRun(folder, client)));
    const all = await runsOf(client, 'ablations');
    const parents = all.filter(({ tags }) => tags['tass.kind'] === 'sweep');
    expect(parents.map(({ name, status }) => [name, status])).toEqual([[sweep.id, 'RUNNING']]); // it has no sweep.json
    const children = all.filter(({ tags }) => tags['mlflow.parentRunId'] === parents[0].id);
    expect(children.map(({ tags }) => [tags['tass.cell'], tags['tass.experiment']]).sort()).toEqual([
      ['00', 'ablations'],
      ['01', 'ablations/without-cms'],
      ['02', 'ablations'],
    ]);
    expect(await runsOf(client, 'ablations/without-cms')).toEqual([]);
  });

  it('names network and version of the dataset where the configuration has them', async () => {
    const config = {
      title: 'T',
      model: { network: 'tjstg' },
      dataset: { kind: 'music-avqa-v2', version: 'bias', holdOut: 0.5, holdOutSeed: 1 },
    };
    const run = runs.create({ experiment: 'kinds', config });
    await syncRun(run.folder, client);
    expect((await remoteOf(run)).tags).toMatchObject({
      ...{ 'tass.network': 'tjstg', 'tass.dataset': 'music-avqa-v2', 'tass.dataset.version': 'bias' },
      'tass.dataset.questions': expect.stringMatching(/^[0-9a-f]{12}$/),
    });
  });

  it('sends test and throughput under names without a section, so that curves open a page, and test as of no step', async () => {
    const run = runs.create({ experiment: 'sections' });
    runs.epoch(run, 1, { 'throughput/questionsPerSecond': 7 });
    runs.epoch(run, 2, { 'test/accuracy/AV-Count': 58 });
    await syncRun(run.folder, client);
    const { id } = await remoteOf(run);
    const { metrics } = await client.get(
      'runs/get',
      { run_id: id },
      ({ run: stored }) => (stored as { data: { metrics: { key: string; step: number }[] } }).data,
    );
    expect(Object.fromEntries(metrics.map(({ key, step }) => [key, Number(step)]))).toEqual({
      ...{ 'train/total': 20, 'val/accuracy/Audio Avg': 20 },
      ...{ 'throughput.questionsPerSecond': 10, 'test.accuracy.AV-Count': 0 },
    });
  });

  it('sends a run that an earlier version has sent once more: its points have other names now', async () => {
    const run = runs.create({ experiment: 'earlier' });
    runs.epoch(run, 1, { 'test/accuracy/All': 58 });
    await syncRun(run.folder, client);
    const { points: _, ...earlier } = JSON.parse(readFileSync(join(run.folder, 'mlflow.json'), 'utf8'));
    writeFileSync(join(run.folder, 'mlflow.json'), JSON.stringify(earlier));
    expect(await syncRun(run.folder, client)).toMatchObject({ lines: 1, left: [] });
    expect(await syncRun(run.folder, client)).toMatchObject({ lines: 0, left: [] });
    await expectPointsOfJournal(client, run.folder, (await remoteOf(run)).id);
  });

  it('keeps what is odd: figures that are no numbers, long values, names that MLflow refuses', async () => {
    const long = 'ä'.repeat(6001);
    const config = { 'a=b': 1, 'a,b': 2, long, lines: 'one\ntwo', empty: '', none: {}, infinite: Infinity };
    const run = runs.create({ experiment: 'odd', config });
    const names = ['=', 'a//b', '/a', 'a/../b', '.', 'a/', 'ö/é', '日本', 'a\tb', '😀', 'x'.repeat(251), 'jtg.stream: 1'];
    const odd = Object.fromEntries(names.map((name, index) => [name, index]));
    runs.epoch(run, 1, { nan: NaN, up: Infinity, down: -Infinity, zero: -0, tiny: 5e-324, ...odd });
    await syncRun(run.folder, client);
    const { id } = await remoteOf(run);
    const value = async (name: string) => (await historyOf(client, id, name)).map((point) => point.value);
    expect(await value('nan')).toEqual([NaN]);
    expect(await value('up')).toEqual([Number.MAX_VALUE]); // as MLflow keeps infinities
    expect(await value('down')).toEqual([-Number.MAX_VALUE]);
    expect(await value('zero')).toEqual([0]);
    for (const [name, expected] of Object.entries(odd)) expect([name, await value(name)]).toEqual([name, [expected]]);
    const { params } = await storedRun(client, id);
    expect(params.long).toHaveLength(6000);
    expect(params.long).toMatch(/^ä+\.\.\. \(6001 characters\)$/);
    expect(params).toMatchObject({ lines: 'one\ntwo', empty: '', none: '{}', infinite: 'Infinity' });
    expect(Object.entries(params).filter(([name]) => name.startsWith('a_b')).map(([, kept]) => kept).sort()).toEqual(['1', '2']); // prettier-ignore
  });

  it('sends a long journal and many figures of one moment in requests that MLflow takes', async () => {
    const run = runs.create({
      experiment: 'long',
      config: Object.fromEntries(Array.from({ length: 230 }, (_, index) => [`p${index}`, index])),
    });
    const many = Object.fromEntries(Array.from({ length: 1100 }, (_, index) => [`many/${index}`, index]));
    run.journal.append(
      { step: 0, epoch: 0, values: many },
      ...Array.from({ length: 1500 }, (_, step) => ({ step, epoch: 1, values: { a: step, b: -step } })),
    );
    run.journal.append({ step: 9, epoch: 9, values: {} });
    run.journal.commit();
    expect(await syncRun(run.folder, client)).toMatchObject({ lines: 1502 });
    const { id } = await remoteOf(run);
    expect((await historyOf(client, id, 'a')).map(({ value }) => value)).toEqual(Array.from({ length: 1500 }, (_, step) => step));
    expect(await historyOf(client, id, 'many/1099')).toHaveLength(1);
    expect(Object.keys((await storedRun(client, id)).params)).toHaveLength(230);
  });

  it('begins anew where the journal was taken back behind what was sent: points cannot be taken back', async () => {
    const run = runs.create({ experiment: 'rewritten' });
    [1, 2, 3].forEach((epoch) => runs.epoch(run, epoch));
    await syncRun(run.folder, client);
    const before = await remoteOf(run);
    run.journal.cutTo(1); // an older checkpoint was put in place
    runs.epoch(run, 2);
    expect(await syncRun(run.folder, client)).toMatchObject({ lines: 2 });
    const { id } = await remoteOf(run);
    expect(id).not.toBe(before.id);
    await expectPointsOfJournal(client, run.folder, id);
  });

  it('leaves a run alone that was deleted on the server, and names a deleted experiment', async () => {
    const run = runs.create({ experiment: 'gone' });
    await syncRun(run.folder, client);
    const { id, experimentId } = await remoteOf(run);
    await client.post('runs/delete', { run_id: id }, () => undefined);
    expect(await syncRun(run.folder, client)).toMatchObject({ deleted: true, lines: 0 });
    await client.post('experiments/delete', { experiment_id: experimentId }, () => undefined);
    await expect(syncRun(runs.create({ experiment: 'gone' }).folder, client)).rejects.toThrow(
      `the experiment gone was deleted on ${server.uri}. Restore it there: mlflow experiments restore --experiment-id ${experimentId}`,
    );
  });

  it('begins at the beginning for another server, and for one that lost its data', async () => {
    const run = runs.create({ experiment: 'moved' });
    runs.epoch(run, 1);
    await syncRun(run.folder, client);
    const file = join(run.folder, 'mlflow.json');
    const position = readFileSync(file, 'utf8');
    writeFileSync(file, position.replace(server.uri, 'http://127.0.0.1:1'));
    expect(await syncRun(run.folder, client)).toMatchObject({ lines: 1 });
    writeFileSync(file, position.replace((await remoteOf(run)).id, '0'.repeat(32)));
    expect(await syncRun(run.folder, client)).toMatchObject({ lines: 1 });
    await expectPointsOfJournal(client, run.folder, (await remoteOf(run)).id);
  });
});
