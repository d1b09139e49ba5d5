module.exports = {
  rootDir: __dirname,
  displayName: 'bench',
  testEnvironment: 'node',
  testTimeout: 900_000,
  testMatch: ['<rootDir>/*.spec.cjs'],
};
