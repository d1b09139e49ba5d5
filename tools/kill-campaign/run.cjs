// Disturbs a sweep at random moments, resumes it each time, and compares the end with an uninterrupted sweep (docs/sweeps-and-tracking.md).
//   node tools/kill-campaign/run.cjs [--kills=30] [--seed=1] [--folder=FOLDER]      after npm run build; needs mlflow (TASS_MLFLOW or PATH)
// Ends with the checks, and with code 1 when one failed. FOLDER (a temporary one when left out) keeps everything;
// given again, its uninterrupted sweep is used again, with the same number of kills.
const { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { check } = require('./check.cjs');
const { disturb } = require('./disturb.cjs');
const { CampaignProject } = require('./project.cjs');
const { Server } = require('./server.cjs');

const option = (name, fallback) => process.argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3) ?? fallback;

const kindsInWords = {
  worker: 'a cell killed (SIGKILL)',
  parent: "the sweep's parent killed (SIGKILL)",
  group: 'SIGTERM to the parent and all cells at once',
  server: 'the MLflow server killed',
  pipe: 'the pipe of the output closed',
  terminal: 'the terminal closed',
  namespace: 'resumed from another pid namespace',
  artifacts: 'the MLflow server refuses files',
};

async function main() {
  const kills = Number(option('kills', '30'));
  const seed = Number(option('seed', '1'));
  const folder = path.resolve(option('folder', mkdtempSync(path.join(tmpdir(), 'tass-kill-campaign-'))));
  mkdirSync(folder, { recursive: true });
  console.log(`folder ${folder}, ${kills} disturbances, seed ${seed}`);

  const world = path.join(folder, 'world');
  const uninterrupted = new CampaignProject(path.join(folder, 'uninterrupted'), world, kills);
  console.log('uninterrupted sweep, without a server');
  const begun = Date.now();
  const timeFile = path.join(folder, 'uninterrupted.json'); // of an earlier campaign in this folder
  if (!existsSync(timeFile)) {
    await uninterrupted.sweepToTheEnd();
    writeFileSync(timeFile, JSON.stringify({ seconds: (Date.now() - begun) / 1000 }));
  }
  const { seconds } = JSON.parse(readFileSync(timeFile, 'utf8'));
  console.log(`it took ${seconds.toFixed(0)} s; the disturbances are spread over about half of that time`);
  for (const of of ['disturbed', 'mlflow']) rmSync(path.join(folder, of), { recursive: true, force: true });
  const disturbed = new CampaignProject(path.join(folder, 'disturbed'), world, kills);

  const server = new Server(path.join(folder, 'mlflow'));
  await server.start();
  try {
    disturbed.watchJournals();
    disturbed.environment.MLFLOW_TRACKING_URI = server.uri;
    const disturbances = await disturb(disturbed, server, { kills, seed, everySeconds: seconds / kills / 2 });
    await disturbed.sweepToTheEnd();
    for (let time = 0; time < 2; time++) {
      const code = await disturbed.sync();
      if (code !== 0) throw new Error(`tracking:sync ended with ${code}, see ${disturbed.folder}/log.txt`);
    }
    const checks = await check({ uninterrupted, disturbed, server, disturbances, kills });
    const minutes = (Date.now() - begun) / 60_000;
    writeFileSync(path.join(folder, 'campaign.json'), `${JSON.stringify({ seed, minutes, disturbances, checks }, null, 2)}\n`);
    console.log(summary(disturbances, checks, minutes));
    return checks.every(({ holds }) => holds !== false) ? 0 : 1;
  } finally {
    await server.stop();
  }
}

function summary({ counts, skipped }, checks, minutes) {
  const times = Object.entries(counts).map(([kind, count]) => `${String(count).padStart(4)}  ${kindsInWords[kind]}`);
  const notTried = skipped.map((kind) => `   -  ${kindsInWords[kind]} (skipped)`);
  const found = checks.map(
    ({ name, holds, detail }) => `${holds === undefined ? 'skipped' : holds ? 'holds  ' : 'BROKEN '}  ${name}: ${detail}`,
  );
  return ['', 'disturbances', ...times, ...notTried, '', `checks, after ${minutes.toFixed(0)} minutes`, ...found].join('\n');
}

main().then(
  (code) => (process.exitCode = code),
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
