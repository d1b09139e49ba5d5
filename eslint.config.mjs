import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

// Imports point down: app > experiment > network > engine, and experiment > results > data; experiment > runs. `files` is below all but the network's side, `onnx` and `random` below data and the engine.
const mayImport = {
  app: ['experiment', 'network', 'engine', 'results', 'runs', 'data', 'files', 'onnx'],
  experiment: ['experiment', 'network', 'engine', 'results', 'runs', 'data', 'files'],
  network: ['network', 'engine'],
  engine: ['onnx', 'random'],
  results: ['results', 'data', 'files'],
  runs: ['runs', 'files'],
  data: ['data', 'files', 'onnx', 'random'],
  files: ['files'],
  onnx: [],
  random: [],
  testing: [],
};
const tagsOf = (layers) => layers.map((layer) => `layer:${layer}`);
const boundaries = (forSpecs = []) => [
  'error',
  {
    allow: [],
    depConstraints: [
      ...Object.entries(mayImport).map(([layer, below]) => ({
        sourceTag: `layer:${layer}`,
        onlyDependOnLibsWithTags: tagsOf([...below, ...forSpecs]),
        bannedExternalImports: layer === 'engine' ? [] : ['@tensorflow/*'],
      })),
      { sourceTag: 'part:component', onlyDependOnLibsWithTags: tagsOf(['engine', ...forSpecs]) }, // never each other: only tass joins them
    ],
  },
];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.nx/**', 'runs/**', 'data/**', '.cache/**'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommended],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': boundaries(),
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['**/plain'], message: 'plain.ts is the equation as written, for specs.' }] },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'max-lines': ['error', { max: 350, skipBlankLines: true, skipComments: true }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.spec.ts', '**/fixtures/**/*.ts'],
    rules: { '@nx/enforce-module-boundaries': boundaries(['testing']), 'no-restricted-imports': 'off' },
  },
);
