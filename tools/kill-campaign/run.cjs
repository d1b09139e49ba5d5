// Kills a sweep's parent, its workers and the MLflow server with SIGKILL at random moments, sends SIGTERM to all its processes at once, closes its
// pipe or its terminal, goes on with it each time, and checks what is left in the end against an undisturbed sweep.
//   node tools/kill-campaign/run.cjs [--kills=30] [--seed=1] [--folder=FOLDER]      after npm run build; needs mlflow (TASS_MLFLOW or PATH)
// Ends with a table of the checks and code 1 when one failed. FOLDER (a temporary one when left out) keeps everything.
const { mkdirSync, mkdtempSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { check } = require('./check.cjs');
const { disturb } = require('./disturb.cjs');
const { CampaignProject } = require('./project.cjs');
const { Server } = require('./server.cjs');

const option = (name, fallback) => process.argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3) ?? fallback;

async function main() {
  const kills = Number(option('kills', '30'));
  const seed = Number(option('seed', '1'));
  const folder = path.resolve(option('folder', mkdtempSync(path.join(tmpdir(), 'tass-kill-campaign-'))));
  mkdirSync(folder, { recursive: true });
  console.log(`folder ${folder}, ${kills} kills, seed ${seed}`);

  const world = path.join(folder, 'world');
  const undisturbed = new CampaignProject(path.join(folder, 'undisturbed'), world);
  const disturbed = new CampaignProject(path.join(folder, 'disturbed'), world);
  console.log('undisturbed sweep, without a server');
  const begun = Date.now();
  await undisturbed.sweepToTheEnd();
  const seconds = (Date.now() - begun) / 1000;
  console.log(`it took ${seconds.toFixed(0)} s; kills are spread over about that time`);

  const server = new Server(path.join(folder, 'mlflow'));
  await server.start();
  try {
    disturbed.environment.MLFLOW_TRACKING_URI = server.uri;
    const killed = await disturb(disturbed, server, { kills, seed, everySeconds: seconds / kills });
    await server.restart();
    await disturbed.sweepToTheEnd('--resume');
    await disturbed.syncTwice();
    const checks = await check({ undisturbed, disturbed, server, killed, kills });
    writeFileSync(path.join(folder, 'campaign.json'), `${JSON.stringify({ seed, killed, checks }, null, 2)}\n`);
    for (const { name, holds, detail } of checks) console.log(`${holds ? 'holds ' : 'BROKEN'}  ${name}: ${detail}`);
    return checks.every(({ holds }) => holds) ? 0 : 1;
  } finally {
    await server.stop();
  }
}

main().then(
  (code) => (process.exitCode = code),
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
