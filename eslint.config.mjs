import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

// Imports point down: app > experiment > model > component > engine. Components know tensors but not each other.
const mayImport = {
  app: ['experiment', 'model', 'component', 'engine', 'plain'],
  experiment: ['model', 'component', 'engine', 'plain'],
  model: ['component', 'engine'],
  component: ['engine'],
  engine: [],
  plain: ['plain'],
  testing: [],
};
const boundaries = (forSpecs = []) => [
  'error',
  {
    allow: [],
    depConstraints: Object.entries(mayImport).map(([layer, below]) => ({
      sourceTag: `layer:${layer}`,
      onlyDependOnLibsWithTags: [...below, ...forSpecs].map((name) => `layer:${name}`),
      bannedExternalImports: layer === 'engine' ? [] : ['@tensorflow/*'],
    })),
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
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'max-lines': ['error', { max: 350, skipBlankLines: true, skipComments: true }],
      eqeqeq: 'error',
    },
  },
  { files: ['**/*.spec.ts', '**/fixtures/**/*.ts'], rules: { '@nx/enforce-module-boundaries': boundaries(['testing']) } },
);
