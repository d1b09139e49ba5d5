// Specs run from the sources (the '@tass/source' export condition), so no build is needed before them.
module.exports = (rootDir) => ({
  rootDir,
  displayName: require(`${rootDir}/package.json`).name.replace('@tass/', ''),
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@tass/source', 'node', 'node-addons'] },
  testTimeout: 900_000, // only against hanging: a slow machine is no failure
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } }] },
});
