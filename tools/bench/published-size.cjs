// Takes the field's networks at their published size through one short epoch to 9,129 scored test questions, on random features of real shapes.
//   node tools/bench/published-size.cjs FOLDER [tspm qa-tiger ...] [questions=512] [engine.backend=...]
// Makes the features in FOLDER, unless they are there, and prints a table of times, and of the most memory that the training process held, mapped files left
// out. Without names, all networks. `questions`: how many are trained on; a quarter as many are scored as val. The features are those of 32 videos, again and
// again: no disk is read twice, and accuracies say nothing. TASS_DATA names the folder of the annotations. Programs have to be built.
const { copyFileSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { loadavg } = require('node:os');
const { basename, join, resolve } = require('node:path');
const { gunzipSync } = require('node:zlib');
const { makeProject, trainer } = require('../../bench/project.cjs');
const { machine, watch } = require('../../bench/sides.cjs');
const { fillByLinks, writeModels } = require('./random-features.cjs');

const root = resolve(__dirname, '../..');
/** Which features each network was published with, by the group in experiments/features. */
const featuresOf = {
  'st-avqa': 'resnet18-vggish',
  tjstg: 'resnet18-vggish',
  'pstp-public': 'clip-vit-b32-tokens',
  'pstp-intended': 'clip-vit-b32-tokens',
  tspm: 'clip-vit-l14-336-tome',
  'qa-tiger': 'clip-vit-l14-336-tome',
  qast: 'clip-vit-l14-336-tome',
  'cue-space': 'clip-vit-l14-336-tome-ast',
};
/** What a network needs to read all of them. */
const publishedFormOf = { 'cue-space': ['model.audioPatches=true'] };
/** Shapes of the imported features of a second, by group. */
const imported = {
  'resnet18-vggish': { visual: { frame: [512], patch: [196, 512] }, audio: { audio: [128] } },
  'clip-vit-l14-336-tome': { visual: { frame: [768], patch: [14, 1024] }, audio: { audio: [128] } },
  'clip-vit-l14-336-tome-ast': { visual: { frame: [768], patch: [14, 1024] }, audio: { audio: [768], audioPatch: [12, 768] } },
};
const clips = {
  'clip-vit-base-patch32': { joint: 512, side: 224, patch: 32 },
  'clip-vit-large-patch14-336': { joint: 768, side: 336, patch: 14 },
};

const [given, ...words] = process.argv.slice(2);
if (!given) throw new Error('published-size.cjs: expected FOLDER, where the features are kept');
const folder = resolve(given);
const asked = words.filter((word) => !word.includes('='));
const names = asked.length > 0 ? asked : Object.keys(featuresOf);
const unknown = names.find((name) => !(name in featuresOf));
if (unknown !== undefined)
  throw new Error(`published-size.cjs: no network ${unknown}, expected some of ${Object.keys(featuresOf).join(', ')}`);
const questions = Number(words.find((word) => word.startsWith('questions='))?.slice('questions='.length) ?? 512);
const overrides = words.filter((word) => word.includes('=') && !word.startsWith('questions='));

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

async function main() {
  const data = join(folder, `questions-${questions}`);
  writeQuestions(data);
  const settingsOf = (name) => {
    const settings = [`features=${featuresOf[name]}`, `dataset.root=${data}`, ...(publishedFormOf[name] ?? [])];
    return [...settings, ...makeFeatures(name, featuresOf[name], settings)];
  };
  const settings = new Map(names.map((name) => [name, settingsOf(name)]));
  makeProject(join(folder, 'project'));
  const { processor, cores, gigabytes, node } = machine();
  console.log(`${processor}, ${cores} cores, ${gigabytes} GB, Node ${node}; ${questions} questions trained on\n`);
  console.log('| network | features | start | epoch and val | 9,129 test questions | whole | processor time | peak memory | load |');
  console.log('|---|---|---|---|---|---|---|---|---|');
  for (const name of names) console.log(await measure(name, featuresOf[name], [...settings.get(name), ...overrides]));
}

/** Annotations of which all videos are those of the test questions: some of val's questions are trained on, others are val. */
function writeQuestions(data) {
  const { projectSettings } = require('@tass/config');
  const { findAnnotations } = require('@tass/dataset-music-avqa');
  const source = (part) => {
    const file = findAnnotations(projectSettings(root, process.env).data, part);
    if (!file) throw new Error(`published-size.cjs: no ${part} annotations. Set TASS_DATA to their folder`);
    return file;
  };
  const rowsOf = (file) => JSON.parse(file.endsWith('.gz') ? gunzipSync(readFileSync(file)) : readFileSync(file));
  const videos = new Set(rowsOf(source('test')).map(({ video_id: id }) => id));
  const known = rowsOf(source('val')).filter(({ video_id: id }) => videos.has(id));
  mkdirSync(data, { recursive: true });
  const write = (part, rows) => writeFileSync(join(data, `avqa-${part}.json`), JSON.stringify(rows));
  write('train', known.slice(0, questions));
  write('val', known.slice(questions, Math.ceil(1.25 * questions)));
  copyFileSync(source('test'), join(data, basename(source('test'))));
}

/** Makes what a network reads, and returns the settings that name it. */
function makeFeatures(name, group, settings) {
  const { projectSettings } = require('@tass/config');
  const { datasetIdentity, planStores } = require('@tass/encoders');
  const { loadExperiment, readWanted } = require('@tass/experiment');
  const store = join(folder, group);
  const project = projectSettings(root, process.env);
  const { features } = loadExperiment(project, `networks/${name}`, settings);
  const clip = features.clip.split('/').at(-1);
  writeModels(join(folder, 'models'), { clip, ...clips[clip] });
  const named = [
    `features.store=${store}`,
    `features.clip=${join(folder, 'models', clip)}`,
    `features.audio=${join(folder, 'models/vggish')}`,
  ];
  const wanted = readWanted(loadExperiment(project, `networks/${name}`, [...settings, ...named]), project);
  for (const { folder: planned, expected } of planStores(wanted.plan)) {
    fillByLinks(planned, expected, 'video', wanted.videos, 32);
    fillByLinks(planned, expected, 'text', wanted.texts, 256);
  }
  const { sampling, datasetRoot } = wanted.plan;
  for (const [kind, shapes] of Object.entries(imported[group] ?? {})) {
    const encoder = { name: `random-${kind}`, digest: '', readOuts: {}, preprocessing: {}, ...(kind === 'visual' ? { space: 'own' } : {}) };
    const fields = Object.entries(shapes).map(([field, shape]) => [field, describe(field, [sampling.segments, ...shape])]);
    const description = { encoder, dataset: datasetIdentity(datasetRoot), sampling, fields: Object.fromEntries(fields) };
    fillByLinks(join(store, kind === 'visual' ? features.importedVisual : features.importedAudio), description, 'video', wanted.videos, 32);
  }
  return named;
}

function describe(field, shape) {
  return { key: 'video', axes: ['time', ...(shape.length > 2 ? ['tokens'] : []), `${field}Dim`], shape };
}

/** A row of the table, by the times at which the trainer says that a phase ended. */
async function measure(name, group, settings) {
  const words = [process.execPath, trainer, 'train', `--exp=networks/${name}`, 'epochs=1', 'pages=0', ...settings];
  const { said, wholeMilliseconds, processorSeconds, peakMegabytes } = await watch(words, { cwd: join(folder, 'project') });
  const endOf = (pattern) => said.find(({ line }) => pattern.test(line))?.seconds ?? fail(name, pattern, said);
  const [begun, epoch, training, test] = [/^run: /, /^epoch .* in /, /^\[training: /, /^\[test: /].map(endOf);
  const times = [begun, epoch - begun, test - training, wholeMilliseconds / 1000, processorSeconds].map(shown);
  return `| ${[name, `\`${group}\``, ...times, `${(peakMegabytes / 1024).toFixed(1)} GB`, loadavg()[0].toFixed(1)].join(' | ')} |`;
}

function shown(seconds) {
  return seconds < 100 ? `${seconds.toFixed(1)} s` : `${(seconds / 60).toFixed(1)} min`;
}

function fail(name, pattern, said) {
  const lines = said.map(({ line }) => line).join('\n');
  throw new Error(`published-size.cjs: the training of ${name} said nothing that matches ${pattern}:\n${lines}`);
}
