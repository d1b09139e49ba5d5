const { createHash } = require('node:crypto');
const { existsSync, readFileSync, readdirSync } = require('node:fs');
const path = require('node:path');

const computed = [
  'checkpoints/best.safetensors',
  'checkpoints/last.safetensors',
  'predictions-test.jsonl',
  'predictions-test.answers',
  'report.json',
];

/** What must hold after a round, each with what it looked at and what is wrong. `isTried`: false if there was nothing to look at. */
async function check({ uninterrupted, disturbed, server, strangers, uploads }) {
  const cells = disturbed.cells();
  const successes = new Map(cells.map(({ address, attempts }) => [address, attempts.filter(({ end }) => end?.state === 'succeeded')]));
  const runs = new Map([...successes].filter(([, ends]) => ends.length === 1).map(([address, [{ run }]]) => [address, run]));
  return [
    checkCells(uninterrupted, cells, successes),
    compareFigures(uninterrupted, disturbed, runs),
    checkWriters(disturbed),
    checkStrangers(strangers),
    checkUploads(uploads),
    ...(await checkServer(server, disturbed)),
  ];
}

function checkCells(uninterrupted, cells, successes) {
  const missing = uninterrupted.cells().filter(({ address }) => !successes.has(address));
  return {
    name: 'each cell is there, and succeeded once',
    counts: { cells: cells.length, attempts: cells.reduce((sum, { attempts }) => sum + attempts.length, 0) },
    wrong: [
      ...missing.map(({ name }) => `${name} is missing`),
      ...cells
        .filter(({ address }) => successes.get(address).length !== 1)
        .map(({ name, address }) => `${name} succeeded ${successes.get(address).length} times`),
    ],
  };
}

function compareFigures(uninterrupted, disturbed, runs) {
  const wrong = uninterrupted.cells().flatMap(({ address, name, attempts }) => {
    const expected = path.join(uninterrupted.runs, attempts.find(({ end }) => end?.state === 'succeeded').run);
    const found = path.join(disturbed.runs, runs.get(address) ?? '-');
    const different = computed.filter((file) => digest(path.join(found, file)) !== digest(path.join(expected, file)));
    if (figures(found) !== figures(expected)) different.push('metrics.jsonl');
    return different.length > 0 ? [`${name}: ${different.join(', ')}`] : [];
  });
  return {
    name: 'checkpoints, predictions, reports and figures equal those of the uninterrupted sweep, byte for byte',
    counts: { cells: runs.size },
    wrong,
  };
}

/** A process that writes a journal again after another one has written it works on the run at the same time. */
function checkWriters({ watch, runs }) {
  const writers = new Map(); // of each run, in order, each as often as it came after another one
  for (const line of readFileSync(watch, 'utf8').trimEnd().split('\n')) {
    const { run, writer } = JSON.parse(line);
    const before = writers.get(run) ?? [];
    if (before.at(-1) !== writer) writers.set(run, [...before, writer]);
  }
  return {
    name: 'no two processes worked on one run at the same time',
    counts: { runs: writers.size, processes: [...writers.values()].flat().length },
    wrong: [...writers].filter(([, names]) => new Set(names).size < names.length).map(([run]) => path.relative(runs, run)),
  };
}

function checkStrangers(strangers) {
  const count = (lock) => strangers.filter((one) => one.lock === lock).length;
  return {
    name: 'processes of another namespace were refused, with holder and lock, and the live ones continued',
    counts: { sweeps: count('sweep.lock'), trainings: count('run.lock') },
    wrong: strangers.filter(({ isRefused, wentOn }) => !isRefused || !wentOn).map((one) => JSON.stringify(one)),
    isTried: strangers.length > 0,
  };
}

function checkUploads(uploads) {
  const sum = (key) => uploads.reduce((total, upload) => total + upload[key], 0);
  return {
    name: 'status and metrics were complete while the server refused files',
    counts: { times: uploads.length, runs: sum('runs'), refusals: sum('refused') },
    wrong: uploads.flatMap((upload) => upload.wrong),
    isTried: sum('refused') > 0,
  };
}

async function checkServer(server, disturbed) {
  const remote = await remoteRuns(server);
  const children = remote.filter(({ tags }) => tags['tass.run']);
  const parents = remote.filter(({ tags }) => tags['tass.kind'] === 'sweep');
  const all = disturbed.allRuns();
  const finished = all.filter(({ isFinished }) => isFinished).map(({ folder }) => folder);
  const files = await filesOnServer(server, all, children);
  const count = (status) => children.filter((run) => run.status === status).length;
  const isWhole = parents.length === 1 && parents[0].status === 'FINISHED';
  return [
    {
      name: 'MLflow has one run for each run folder',
      counts: { folders: all.length, runs: children.length },
      wrong: [
        ...all.map(({ name }) => name).filter((name) => children.filter(({ tags }) => tags['tass.run'] === name).length !== 1),
        ...children.map(({ tags }) => tags['tass.run']).filter((id) => !all.some(({ name }) => name === id)),
      ],
    },
    {
      name: 'finished runs are FINISHED there, with each point of the journal once, at its time',
      counts: { runs: finished.length, points: finished.reduce((sum, run) => sum + pointsOf(run), 0) },
      wrong: await figuresOnServer(server, finished, remote),
    },
    { name: 'all files of all runs are there, byte for byte', counts: { files: files.count }, wrong: files.wrong },
    {
      name: 'no run is left RUNNING',
      counts: { FINISHED: count('FINISHED'), KILLED: count('KILLED'), FAILED: count('FAILED') },
      wrong: remote.filter(({ status }) => status === 'RUNNING' || status === 'SCHEDULED').map(({ id, status }) => `${id} is ${status}`),
    },
    {
      name: 'the sweep has one run, FINISHED, and all others are below it',
      counts: { sweeps: parents.length },
      wrong: [
        ...(isWhole ? [] : [`its runs are ${parents.map(({ status }) => status).join(', ') || 'missing'}`]),
        ...children.filter(({ tags }) => tags['mlflow.parentRunId'] !== parents[0]?.id).map(({ id }) => `${id} is not below it`),
      ],
    },
  ];
}

/** What of finished runs is not on the server: their end and the points of their journals. */
async function figuresOnServer(server, folders, known) {
  const remote = known ?? (await remoteRuns(server));
  const wrong = [];
  for (const folder of folders) {
    const [found] = remote.filter(({ tags }) => tags['tass.run'] === path.basename(folder));
    if (found?.status !== 'FINISHED') wrong.push(`${folder} is ${found?.status ?? 'not there'}`);
    if (!found) continue;
    for (const [key, expected] of journalPoints(folder)) {
      const history = await historyOf(server, found.id, key);
      if (JSON.stringify(history) !== JSON.stringify(expected))
        wrong.push(`${folder} ${key}: ${history.length} points, expected ${expected.length}`);
    }
  }
  return wrong;
}

/** The journal is sent as far as it is final: the whole of a finished run. */
async function filesOnServer(server, runs, remote) {
  const wrong = [];
  let count = 0;
  for (const { folder, name, isFinished } of runs) {
    const found = remote.find(({ tags }) => tags['tass.run'] === name);
    const results = isFinished ? ['metrics.jsonl', 'report.md', 'report.json', ...predictionsOf(folder)] : [];
    for (const file of found ? ['config.yaml', 'manifest.json', ...results] : []) {
      count++;
      const content = await server.file(found.artifactUri, file);
      if (!content?.equals(readFileSync(path.join(folder, file)))) wrong.push(`${name}/${file} ${content ? 'differs' : 'is missing'}`);
    }
  }
  return { wrong, count };
}

const predictionsOf = (run) => readdirSync(run).filter((name) => /^predictions-.*\.jsonl$/.test(name));

async function remoteRuns(server) {
  const { experiments } = await server.post('experiments/search', { max_results: 1000 });
  const { runs = [] } = await server.post('runs/search', {
    experiment_ids: experiments.map(({ experiment_id: id }) => id),
    max_results: 10000,
  });
  return runs.map(({ info, data }) => ({
    id: info.run_id,
    status: info.status,
    artifactUri: info.artifact_uri,
    tags: Object.fromEntries((data.tags ?? []).map(({ key, value }) => [key, value])),
  }));
}

async function historyOf(server, run, key) {
  const { metrics = [] } = await server.get('metrics/get-history', { run_id: run, metric_key: key, max_results: 25000 });
  return metrics
    .map(({ value, step, timestamp }) => [Number(step ?? 0), Number(timestamp), Number(value)])
    .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}

/** Each metric of a run's journal as [step, time, value], in order, under the name that MLflow has it by; test has step 0 there. */
function journalPoints(run) {
  const points = new Map();
  for (const line of readFileSync(path.join(run, 'metrics.jsonl'), 'utf8').trimEnd().split('\n')) {
    const { step, time, values } = JSON.parse(line);
    for (const [name, value] of Object.entries(values)) {
      const key = /^(test|throughput)\//.test(name) ? name.replaceAll('/', '.') : name;
      points.set(key, [...(points.get(key) ?? []), [name.startsWith('test/') ? 0 : step, time, Number(value)]]);
    }
  }
  return points;
}

const pointsOf = (run) => [...journalPoints(run).values()].flat().length;

/** The journal without times and speeds. */
function figures(run) {
  const file = path.join(run, 'metrics.jsonl');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  const records = lines.map((line) => {
    const { step, epoch, values } = JSON.parse(line);
    return { step, epoch, values: Object.entries(values).filter(([name]) => !/^(throughput|system)\//.test(name)) };
  });
  return JSON.stringify(records);
}

const digest = (file) => (existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : `no ${file}`);

module.exports = { check, figuresOnServer };
