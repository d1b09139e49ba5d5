const { spawnSync } = require('node:child_process');
const path = require('node:path');

const root = path.resolve(__dirname, '../..');
const using = (from) => `import { x } from '${from}';\nexport const y = x;\n`;
const plainRule = 'no-restricted-imports';
const usingTypes = (from) => `import type { X } from '${from}';\nexport type Y = X;\n`;

// what the linter catches, file that need not be there, its text, the beginning of the message
const caught = [
  [
    'the engine imports the network',
    'packages/tensor/src/planted.ts',
    using('@tass/tass'),
    'Circular dependency between "tensor" and "tass"',
  ],
  ['a component imports another component', 'packages/jtg/src/planted.ts', using('@tass/tsg-plus'), upward('part:component', 'engine')],
  ['a component imports the optimizer', 'packages/losses/src/planted.ts', using('@tass/optimizers'), upward('part:component', 'engine')],
  [
    'a component imports a type of the network',
    'packages/losses/src/planted.ts',
    usingTypes('@tass/tass'),
    'Circular dependency between "losses"',
  ],
  ['the network imports data', 'packages/tass/src/planted.ts', using('@tass/dataset-music-avqa'), upward('layer:network', 'network')],
  ['data import the engine', 'packages/encoders/src/planted.ts', using('@tass/tensor'), upward('layer:data', 'data')],
  ['data import runs', 'packages/mini-avqa/src/planted.ts', using('@tass/sweep'), upward('layer:data', 'data')],
  ['data import results', 'packages/media/src/planted.ts', using('@tass/leaderboard'), upward('layer:data', 'data')],
  ['runs import data', 'packages/tracking/src/planted.ts', using('@tass/encoders'), upward('layer:runs', 'runs')],
  ['runs import results', 'packages/sweep/src/planted.ts', using('@tass/evaluation'), upward('layer:runs', 'runs')],
  ['runs import an experiment', 'packages/tracking/src/planted.ts', using('@tass/experiment'), 'Circular dependency between "tracking"'],
  ['results import runs', 'packages/leaderboard/src/planted.ts', using('@tass/tracking'), upward('layer:results', 'results')],
  ['results import the network', 'packages/evaluation/src/planted.ts', using('@tass/tass'), upward('layer:results', 'results')],
  ['files import data', 'packages/files/src/planted.ts', using('@tass/media'), 'Circular dependency between "files"'],
  ['random streams import files', 'packages/random/src/planted.ts', using('@tass/files'), alone('layer:random')],
  ['what reads ONNX imports files', 'packages/onnx/src/planted.ts', using('@tass/files'), alone('layer:onnx')],
  [
    'an experiment imports an app',
    'packages/run-comparison/src/planted.ts',
    using('@tass/evaluator'),
    'Circular dependency between "run-comparison"',
  ],
  ['runs import TensorFlow.js', 'packages/tracking/src/planted.ts', using('@tensorflow/tfjs'), banned('runs', 'tfjs')],
  ['a component imports TensorFlow.js', 'packages/losses/src/planted.ts', using('@tensorflow/tfjs-core'), banned('network', 'tfjs-core')],
  ['an app imports another app', 'apps/evaluator/src/planted.ts', using('@tass/trainer'), upward('layer:app', 'experiment')],
  ['a program imports what is for specs', 'packages/tass/src/planted.ts', using('@tass/testing'), upward('layer:network', 'network')],
  [
    'a package reaches into another by path',
    'packages/jtg/src/planted.ts',
    using('../../tensor/src/index'),
    'Projects cannot be imported by a relative',
  ],
  [
    'a program imports an equation as written',
    'packages/jtg/src/planted.ts',
    using('./plain'),
    "'./plain' import is restricted",
    plainRule,
  ],
  ['a package exports one', 'packages/jtg/src/index.ts', "export { x } from './plain';\n", "'./plain' import is restricted", plainRule],
];
const allowed = [
  ['the engine imports TensorFlow.js', 'packages/tensor/src/planted.ts', using('@tensorflow/tfjs')],
  ['a component imports the engine', 'packages/jtg/src/planted.ts', using('@tass/tensor')],
  ['the network imports a component', 'packages/tass/src/planted.ts', using('@tass/jtg')],
  ['data import data', 'packages/encoders/src/planted.ts', using('@tass/media')],
  ['runs import runs', 'packages/tracking/src/planted.ts', using('@tass/config')],
  ['results import data', 'packages/evaluation/src/planted.ts', using('@tass/dataset-music-avqa')],
  ['an experiment imports results and runs', 'packages/run-comparison/src/planted.ts', using('@tass/tracking')],
  ['an app imports an experiment', 'apps/features/src/planted.ts', using('@tass/experiment')],
  ['a spec imports what is for specs', 'packages/tass/src/planted.spec.ts', using('@tass/testing')],
  ['a spec imports an equation as written', 'packages/jtg/src/planted.spec.ts', using('./plain')],
];

function upward(from, first) {
  return `A project tagged with "${from}" can only depend on libs tagged with "layer:${first}"`;
}
function alone(from) {
  return `A project tagged with "${from}" cannot depend on any libs with tags`;
}
function banned(layer, name) {
  return `A project tagged with "layer:${layer}" is not allowed to import "@tensorflow/${name}"`;
}

let messages; // by case
beforeAll(() => {
  const input = JSON.stringify([...caught, ...allowed].map(([, file, text]) => ({ file, text })));
  const program = path.join(__dirname, 'fixtures/lint-texts.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program], {
    cwd: root,
    input,
    env: { ...process.env, NX_DAEMON: 'false' },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`lint-texts.mjs ended with ${status}: ${stderr}`);
  const results = JSON.parse(stdout);
  messages = Object.fromEntries([...caught, ...allowed].map(([what], index) => [what, results[index]]));
});

describe('imports point down', () => {
  it.each(caught)('the linter catches it when %s', (what, _file, _text, message, rule = '@nx/enforce-module-boundaries') =>
    expect(messages[what]).toEqual([expect.stringContaining(`${rule}: ${message}`)]),
  );
  it.each(allowed)('and lets it pass when %s', (what) => expect(messages[what]).toEqual([]));
});
