const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const path = require('node:path');

const computed = [
  'checkpoints/best.safetensors',
  'checkpoints/last.safetensors',
  'predictions-test.jsonl',
  'predictions-test.answers',
  'report.json',
];

/** What must hold after the campaign, each with what was found. */
async function check({ undisturbed, disturbed, server, killed, kills }) {
  const cells = disturbed.cells();
  const finished = new Map(cells.map(({ address, attempts }) => [address, attempts.filter(({ end }) => end?.state === 'succeeded')]));
  const runs = new Map([...finished].filter(([, ends]) => ends.length === 1).map(([address, [{ run }]]) => [address, run]));
  const total = Object.values(killed).reduce((sum, count) => sum + count, 0);
  const remote = await remoteRuns(server);
  return [
    { name: 'disturbances', holds: total >= kills, detail: `${total}: ${JSON.stringify(killed)}` },
    {
      name: 'every cell is there, and succeeded once',
      holds: cells.length === undisturbed.cells().length && [...finished.values()].every(({ length }) => length === 1),
      detail: `${cells.length} cells, ${cells.reduce((sum, { attempts }) => sum + attempts.length, 0)} attempts`,
    },
    compareFigures(undisturbed, disturbed, runs),
    ...(await checkServer(server, disturbed, runs, remote)),
  ];
}

function compareFigures(undisturbed, disturbed, runs) {
  const expected = new Map(
    undisturbed.cells().map(({ address, attempts }) => [address, attempts.find(({ end }) => end?.state === 'succeeded').run]),
  );
  const different = [...runs].filter(([address, run]) => {
    const [here, there] = [path.join(disturbed.runs, run), path.join(undisturbed.runs, expected.get(address) ?? '-')];
    return computed.some((file) => digest(path.join(here, file)) !== digest(path.join(there, file))) || figures(here) !== figures(there);
  });
  return {
    name: 'checkpoints, predictions, report and figures equal those of the undisturbed sweep',
    holds: different.length === 0 && runs.size === expected.size,
    detail: `${runs.size - different.length} of ${expected.size} cells, byte for byte`,
  };
}

async function checkServer(server, disturbed, runs, remote) {
  const children = remote.filter(({ tags }) => tags['tass.run']);
  const parents = remote.filter(({ tags }) => tags['tass.kind'] === 'sweep');
  const ofCells = [...runs.values()].map((run) => ({ run, found: children.filter(({ tags }) => tags['tass.run'] === path.basename(run)) }));
  let points = 0;
  const wrong = [];
  for (const { run, found } of ofCells) {
    for (const { id } of found) {
      for (const [key, expected] of journalPoints(path.join(disturbed.runs, run))) {
        const history = await historyOf(server, id, key);
        points += history.length;
        if (JSON.stringify(history) !== JSON.stringify(expected))
          wrong.push(`${run} ${key}: ${history.length} points, expected ${expected.length}`);
      }
    }
  }
  const notEnded = remote.filter(({ status }) => status === 'RUNNING' || status === 'SCHEDULED');
  const finished = ofCells.filter(({ found }) => found.length === 1 && found[0].status === 'FINISHED');
  const count = (status) => children.filter((run) => run.status === status).length;
  return [
    {
      name: 'MLflow has one finished run for each cell',
      holds: finished.length === runs.size,
      detail: `${finished.length} of ${runs.size}`,
    },
    {
      name: 'MLflow has each point of the journals once, at its time',
      holds: wrong.length === 0 && points > 0,
      detail: wrong[0] ?? `${points} points`,
    },
    {
      name: 'no run is left RUNNING',
      holds: notEnded.length === 0,
      detail: `FINISHED ${count('FINISHED')}, KILLED ${count('KILLED')}, FAILED ${count('FAILED')}`,
    },
    {
      name: 'one run stands for the sweep',
      holds:
        parents.length === 1 &&
        parents[0].status === 'FINISHED' &&
        children.every(({ tags }) => tags['mlflow.parentRunId'] === parents[0].id),
      detail: parents.map(({ status }) => status).join(', '),
    },
  ];
}

async function remoteRuns(server) {
  const { experiments } = await server.post('experiments/search', { max_results: 1000 });
  const { runs = [] } = await server.post('runs/search', {
    experiment_ids: experiments.map(({ experiment_id: id }) => id),
    max_results: 10000,
  });
  return runs.map(({ info, data }) => ({
    id: info.run_id,
    status: info.status,
    tags: Object.fromEntries((data.tags ?? []).map(({ key, value }) => [key, value])),
  }));
}

async function historyOf(server, run, key) {
  const { metrics = [] } = await server.get('metrics/get-history', { run_id: run, metric_key: key, max_results: 25000 });
  return metrics
    .map(({ value, step, timestamp }) => [Number(step ?? 0), Number(timestamp), Number(value)])
    .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}

/** Each metric of a run's journal as [step, time, value], in order. */
function journalPoints(run) {
  const points = new Map();
  for (const line of readFileSync(path.join(run, 'metrics.jsonl'), 'utf8').trimEnd().split('\n')) {
    const { step, time, values } = JSON.parse(line);
    for (const [key, value] of Object.entries(values)) points.set(key, [...(points.get(key) ?? []), [step, time, Number(value)]]);
  }
  return points;
}

/** The journal without times and speeds. */
function figures(run) {
  const lines = readFileSync(path.join(run, 'metrics.jsonl'), 'utf8').trimEnd().split('\n');
  const records = lines.map((line) => {
    const { step, epoch, values } = JSON.parse(line);
    return { step, epoch, values: Object.entries(values).filter(([name]) => !name.startsWith('throughput/')) };
  });
  return JSON.stringify(records);
}

function digest(file) {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return `no ${file}`;
  }
}

module.exports = { check };
