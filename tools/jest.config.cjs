module.exports = {
  rootDir: __dirname,
  displayName: 'tools',
  testEnvironment: 'node',
  testTimeout: 900_000,
  testMatch: ['<rootDir>/**/*.spec.cjs'],
};
