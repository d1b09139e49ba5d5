// Disturbs sweeps at random moments, resumes each every time, and compares their ends with an uninterrupted sweep (docs/sweeps-and-tracking.md).
//   node tools/kill-campaign/run.cjs [--kills=30] [--seed=1] [--folder=FOLDER]      after npm run build; needs mlflow (TASS_MLFLOW or PATH)
// Ends with the checks, and with code 1 when one failed. A campaign has rounds of ten disturbances, each a sweep and an MLflow server of its own.
// FOLDER (a temporary one when left out) keeps everything: given again, with the same or more kills, the rounds that are there are not run again.
const { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { onStopSignal, shellWord, UsageError } = require('@tass/program');
const { showProgress } = require('@tass/progress');
const { skippedKinds } = require('./disturb.cjs');
const { parentsOf, send, workersOf } = require('./processes.cjs');
const { CampaignProject, cellsOfGrid } = require('./project.cjs');
const { Round } = require('./round.cjs');

const words = process.argv.slice(2);
const option = (name, fallback) => words.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3) ?? fallback;

const mostOfRound = 10;
const longestPause = 3; // seconds between two disturbances, on average
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
  const unknown = words.find((word) => !/^--(kills|seed|folder)=./.test(word));
  if (unknown !== undefined || !Number.isInteger(kills) || kills < 1 || !Number.isInteger(seed))
    throw new UsageError(`${unknown ?? words.join(' ')}: expected --kills=NUMBER above 0, --seed=NUMBER, --folder=FOLDER`);
  const folder = path.resolve(option('folder', mkdtempSync(path.join(tmpdir(), 'tass-kill-campaign-'))));
  mkdirSync(folder, { recursive: true });
  const skipped = skippedKinds();
  console.log(`folder ${folder}, ${kills} disturbances, seed ${seed}`);

  const world = path.join(folder, 'world');
  const uninterrupted = new CampaignProject(path.join(folder, 'uninterrupted'), world);
  let current;
  onStopSignal({
    ask() {
      for (const pid of [...parentsOf(uninterrupted), ...workersOf(uninterrupted)]) send(pid, 'SIGKILL');
      current?.kill();
      console.log(`stopped; finished rounds are kept. To resume: the same command with ${shellWord(`--folder=${folder}`)}`);
      process.exit(130);
    },
  });
  const seconds = await secondsOf(uninterrupted);
  const results = [];
  const total = () => results.flatMap(({ counts }) => Object.values(counts)).reduce((sum, count) => sum + count, 0);
  let progress;
  while (total() < kills) {
    current = new Round(path.join(folder, `round-${results.length + 1}`), world);
    const before = total();
    const times = Math.min(kills - before, mostOfRound);
    const report = (done, note) => progress.update(before + Math.min(done, times), `round ${results.length + 1}, ${note}`);
    const make = () => {
      progress ??= showProgress({ label: 'campaign', unit: 'disturbances', total: kills, done: before });
      return current.run(uninterrupted, {
        ...{ times, skipped, report, seed: seed + results.length, everySeconds: Math.min(seconds / mostOfRound / 2, longestPause) },
      });
    };
    const result = current.result ?? (await make());
    if (result.seed !== seed + results.length) throw new UsageError(`${current.file} is of another --seed. Choose another --folder`);
    results.push(result);
  }
  progress?.finish();
  console.log(summary(results, skipped));
  return results.some(({ checks }) => checks.some(isBroken)) ? 1 : 0;
}

/** How long the sweep takes; an earlier campaign in this folder has run it already. */
async function secondsOf(project) {
  const file = path.join(project.folder, 'uninterrupted.json');
  if (!existsSync(file)) {
    const begun = Date.now();
    const progress = showProgress({ label: 'uninterrupted sweep', unit: 'cells', total: cellsOfGrid });
    const tell = () => progress.update(project.doneCells().length);
    const timer = setInterval(tell, 1000);
    await project.sweepToTheEnd().finally(() => clearInterval(timer));
    tell();
    progress.finish();
    writeFileSync(file, JSON.stringify({ seconds: (Date.now() - begun) / 1000 }));
  }
  return JSON.parse(readFileSync(file, 'utf8')).seconds;
}

const isBroken = ({ wrong }) => wrong.length > 0;

function summary(results, skipped) {
  const counts = added(results.map((result) => result.counts));
  const times = Object.entries(counts).map(([kind, count]) => `${String(count).padStart(4)}  ${kindsInWords[kind]}`);
  const notTried = skipped.map((kind) => `   -  ${kindsInWords[kind]} (skipped: needs unshare and root)`);
  const minutes = results.reduce((sum, result) => sum + result.minutes, 0);
  const checks = results[0].checks.map(({ name }, index) => lineOf(name, results.map((result) => result.checks[index]))); // prettier-ignore
  return [
    '',
    'disturbances',
    ...times,
    ...notTried,
    '',
    `checks of ${results.length} rounds, ${minutes.toFixed(1)} minutes`,
    ...checks,
  ].join('\n');
}

/** One check in all rounds. */
function lineOf(name, checks) {
  const broken = checks.flatMap(({ wrong }, index) => wrong.map((what) => `\n    round ${index + 1}: ${what}`));
  const word = broken.length > 0 ? 'BROKEN ' : checks.some(({ isTried = true }) => isTried) ? 'holds  ' : 'not tried';
  const counts = Object.entries(added(checks.map((check) => check.counts))).map(([what, count]) => `${count} ${what}`);
  return `${word}  ${name}: ${counts.join(', ')}${broken.join('')}`;
}

function added(counts) {
  const sums = {};
  for (const [key, count] of counts.flatMap((each) => Object.entries(each))) sums[key] = (sums[key] ?? 0) + count;
  return sums;
}

main().then(
  (code) => (process.exitCode = code),
  (error) => {
    console.error(error instanceof UsageError ? `kill-campaign: ${error.message}` : error);
    process.exitCode = 1;
  },
);
