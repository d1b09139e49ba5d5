// node ours.cjs STORE ENGINE [VIDEOS]      prints how long the answers to all test questions, or those of so many videos, took; STORE: a folder that tools/bench/feature-store.cjs made
const { existsSync } = require('node:fs');
const { join, resolve } = require('node:path');

const root = resolve(__dirname, '../..');
const { projectSettings } = require('@tass/config');
const { buildNetwork, createAnsweringStep, loadExperiment, openData, openEngine, predict } = require('@tass/experiment');
const [folder, engine, count = Infinity] = process.argv.slice(2);
const store = resolve(folder);

(async () => {
  const settings = projectSettings(root, process.env);
  const dataset = join(settings.data, 'music-avqa');
  const overrides = [
    ...[`dataset.root=${existsSync(dataset) ? dataset : settings.data}`, `features.store=${join(store, 'features')}`],
    ...[
      `features.clip=${join(store, 'clip-vit-b32')}`,
      `features.audio=${join(store, 'vggish')}`,
      'engine.threads=2',
      `engine.backend=${engine}`,
    ],
  ];
  const experiment = loadExperiment(settings, 'tass-paper', overrides);
  await openEngine(experiment);
  const data = openData(experiment, settings);
  const network = buildNetwork(experiment, data.sizes);
  const videos = new Set([...new Set(data.test.map(({ videoId }) => videoId))].slice(0, Number(count)));
  const questions = data.test.filter(({ videoId }) => videos.has(videoId));
  const start = process.hrtime.bigint();
  await predict(createAnsweringStep(experiment, network), network.parameters, questions, data);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  console.log(JSON.stringify({ questions: questions.length, seconds }));
})();
