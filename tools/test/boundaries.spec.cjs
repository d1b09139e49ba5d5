const { spawnSync } = require('node:child_process');
const path = require('node:path');

jest.setTimeout(120_000);

const root = path.resolve(__dirname, '../..');
const using = (from) => `import { x } from '${from}';\nexport const y = x;\n`;
const usingTypes = (from) => `import type { X } from '${from}';\nexport type Y = X;\n`;

// what the linter catches, file that need not be there, its text, the beginning of the message
const caught = [
  [
    'the engine imports the model',
    'packages/tensor/src/planted.ts',
    using('@tass/tass'),
    'Circular dependency between "tensor" and "tass"',
  ],
  ['a component imports another component', 'packages/jtg/src/planted.ts', using('@tass/tsg-plus'), upward('component', 'engine')],
  [
    'a component imports a type of the model',
    'packages/losses/src/planted.ts',
    usingTypes('@tass/tass'),
    'Circular dependency between "losses"',
  ],
  ['a plain package imports the engine', 'packages/evaluation/src/planted.ts', using('@tass/tensor'), upward('plain', 'plain')],
  [
    'a plain package imports an experiment',
    'packages/tracking/src/planted.ts',
    using('@tass/experiment'),
    'Circular dependency between "tracking"',
  ],
  ['a plain package imports TensorFlow.js', 'packages/tracking/src/planted.ts', using('@tensorflow/tfjs'), banned('plain', 'tfjs')],
  ['a component imports TensorFlow.js', 'packages/losses/src/planted.ts', using('@tensorflow/tfjs-core'), banned('component', 'tfjs-core')],
  ['an app imports another app', 'apps/evaluator/src/planted.ts', using('@tass/trainer'), upward('app', 'experiment')],
  ['a program imports what is for specs', 'packages/tass/src/planted.ts', using('@tass/testing'), upward('model', 'component')],
  [
    'a package reaches into another by path',
    'packages/jtg/src/planted.ts',
    using('../../tensor/src/index'),
    'Projects cannot be imported by a relative',
  ],
];
const allowed = [
  ['the engine imports TensorFlow.js', 'packages/tensor/src/planted.ts', using('@tensorflow/tfjs')],
  ['a component imports the engine', 'packages/jtg/src/planted.ts', using('@tass/tensor')],
  ['the model imports a component', 'packages/tass/src/planted.ts', using('@tass/jtg')],
  ['an app imports an experiment', 'apps/trainer/src/planted.ts', using('@tass/experiment')],
  ['a spec imports what is for specs', 'packages/tass/src/planted.spec.ts', using('@tass/testing')],
];

function upward(from, first) {
  return `A project tagged with "layer:${from}" can only depend on libs tagged with "layer:${first}"`;
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
  it.each(caught)('the linter catches it when %s', (what, _file, _text, message) =>
    expect(messages[what]).toEqual([expect.stringContaining(`@nx/enforce-module-boundaries: ${message}`)]),
  );
  it.each(allowed)('and lets it pass when %s', (what) => expect(messages[what]).toEqual([]));
});
