// What is damaged, and what is done then: of each kind the files, below the project's folder, and the scenarios, which take turns.
const { compare, encode, resume, sweep, train } = require('./scenarios.cjs');

const store = '\\.cache/.*/'; // of features, wherever they lie below the cache
const run = (id, name) => `runs/flips/${id}/${name}`;
const ofRuns = (name) => [
  { file: ({ unfinished }) => run(unfinished, name), scenario: resume },
  { file: ({ finished }) => run(finished, name), scenario: compare },
];
const finished = (name) => [{ file: ({ finished: id }) => run(id, name), scenario: compare }];
const ofCells = (name) => [{ file: () => `runs/\\.cells/\\w+/${name}`, scenario: sweep }];

/** `file`: a regular expression on paths with slashes, given the ids of the project's runs. */
module.exports = {
  'shard values': [{ file: () => `${store}[a-z]+-\\d{5}\\.bin`, scenario: train }],
  'shard entry': [{ file: () => `${store}(video|text)-\\d{5}\\.json`, scenario: train }],
  'store manifest': [{ file: () => `${store}manifest\\.json`, scenario: train }],
  journal: ofRuns('metrics\\.jsonl'),
  'metrics.committed': ofRuns('metrics\\.committed'),
  'config.yaml': ofRuns('config\\.yaml'),
  'run manifest': ofRuns('manifest\\.json'),
  predictions: finished('predictions-test\\.jsonl'),
  'report.json': finished('report\\.json'),
  frames: [{ file: () => '\\.cache/.*/frames/\\d+/\\d+\\.jpg', scenario: encode }],
  wav: [{ file: () => '\\.cache/.*/audio/\\d+\\.wav', scenario: encode }],
  'cell.json': ofCells('cell\\.json'),
  'claim, end, run': ofCells('attempts/\\d+/(claim|end|run)\\.json'),
  'sweep.json': [{ file: () => 'runs/\\.sweeps/.*/sweep\\.json', scenario: sweep }],
};
