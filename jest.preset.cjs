// Specs run from the sources (the '@tass/source' export condition), so no build is needed before them.
module.exports = (rootDir) => ({
  rootDir,
  displayName: require(`${rootDir}/package.json`).name.replace('@tass/', ''),
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@tass/source', 'node', 'node-addons'] },
  testTimeout: 60_000, // a busy machine is no failure; specs that start programs allow more
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } }] },
});
