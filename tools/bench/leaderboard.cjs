// Seconds that evaluator:leaderboard takes over many runs. Makes a project with questions and untrained runs in a temporary folder.
//   npx nx run evaluator:build && node tools/bench/leaderboard.cjs [runs=200] [seeds=5] [questions=10000] [probabilities]
// cold: answers are stored beside the predictions, as every run writes them, and nothing was computed yet; again: statistics are stored;
// without answers: as for predictions that another program or an older version has written. `probabilities`: 42 a question in each file.
const { execFileSync } = require('node:child_process');
const { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join, resolve } = require('node:path');

const root = resolve(__dirname, '../..');
const { ANSWERS, QUESTION_TYPES, readSplit, seededRandom } = require('@tass/dataset-music-avqa');
const { writePredictions } = require('@tass/evaluation');
const { loadExperiment, readQuestions, runFiles } = require('@tass/experiment');
const { createRun } = require('@tass/tracking');
const { projectSettings } = require('@tass/config');

const given = Object.fromEntries(process.argv.slice(2).map((word) => [...word.split('='), true]));
const [runs, seeds, questions] = [given.runs ?? 200, given.seeds ?? 5, given.questions ?? 10_000].map(Number);
const random = seededRandom(1);
const below = (limit) => Math.floor(random.next() * limit);

const folder = mkdtempSync(join(tmpdir(), 'tass-bench-'));
if (!given.keep) process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, '.tassrc.yaml'), `experiments: ${join(root, 'experiments')}\n`);
const settings = projectSettings(folder, {});
mkdirSync(settings.data);
writeQuestions();
makeRuns();

const newest = readdirSync(join(settings.runs, 'bench')).map((id) => join(settings.runs, 'bench', id));
console.log(`${runs} runs of ${Math.ceil(runs / seeds)} methods, ${questions} questions, 2,000 resamples`);
console.log(`cold             ${seconds()}`);
console.log(`again            ${seconds()}`);
for (const run of newest) rmSync(join(run, 'predictions-test.answers'));
rmSync(join(folder, '.cache'), { recursive: true });
const size = statSync(runFiles.predictions(newest[0], 'test')).size / 1e6;
console.log(`without answers  ${seconds()} (${size.toFixed(1)} MB of predictions a run)`);

function seconds() {
  const start = process.hrtime.bigint();
  execFileSync(process.execPath, [join(root, 'apps/evaluator/dist/main.js'), 'leaderboard'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return `${(Number(process.hrtime.bigint() - start) / 1e9).toFixed(1)} s`;
}

/** As many questions a video, and train as large to test, as MUSIC-AVQA has them. */
function writeQuestions() {
  for (const [split, count] of Object.entries({ train: 3.5 * questions, val: questions / 2, test: questions })) {
    const rows = Array.from({ length: Math.round(count) }, (_, at) => ({
      video_id: String(below(0.7 * count)).padStart(8, '0'),
      question_id: at,
      type: JSON.stringify([QUESTION_TYPES[at % 9].modality, QUESTION_TYPES[at % 9].kind]),
      question_content: `How many <Object> in ${at % 33}?`,
      templ_values: '["cello"]',
      question_deleted: 0,
      anser: ANSWERS[below(42)],
    }));
    writeFileSync(join(settings.data, `avqa-${split}.json`), JSON.stringify(rows));
  }
}

function makeRuns() {
  const test = readSplit(settings.data, 'test').questions;
  const experimentOf = (method, seed) =>
    loadExperiment(settings, 'question-only', ['dataset=music-avqa', `title=method ${method}`, `seed=${seed}`, `epochs=${method + 1}`]);
  const { digests } = readQuestions(settings.data, experimentOf(0, 1).dataset);
  const probabilities = given.probabilities ? Array.from({ length: 42 }, () => Number(random.next().toPrecision(6))) : undefined;
  for (let at = 0; at < runs; at++) {
    const [method, seed] = [Math.floor(at / seeds), (at % seeds) + 1];
    const run = createRun({
      ...{ runsRoot: settings.runs, experiment: 'bench', config: experimentOf(method, seed), project: folder, seed, overrides: [] },
      ...{ engine: { backend: 'cpu', library: 'JavaScript' }, features: {}, datasets: digests },
    });
    const values = Object.fromEntries(
      Array.from({ length: 13 }, (_, column) => [column === 0 ? 'val/accuracy/All' : `val/accuracy/${column}`, 50 + column]),
    );
    run.journal.append(...Array.from({ length: 30 }, (_, epoch) => ({ step: epoch, epoch: epoch + 1, values })));
    const share = 0.6 + (0.2 * method * seeds) / runs;
    const records = test.map(({ id, videoId, type, answer }) => {
      const predicted = random.next() < share ? answer : below(42);
      return { questionId: id, videoId, type, answer, predicted, ...(probabilities ? { probabilities } : {}) };
    });
    writePredictions(runFiles.predictions(run.folder, 'test'), records);
    run.writeReport({ json: { epoch: 30 }, markdown: '' });
    run.close();
  }
}
