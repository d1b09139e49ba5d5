module.exports = {
  rootDir: __dirname,
  displayName: 'tools',
  testEnvironment: 'node',
  testTimeout: 300_000,
  testMatch: ['<rootDir>/**/*.spec.cjs'],
};
