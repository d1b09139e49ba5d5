module.exports = {
  rootDir: __dirname,
  displayName: 'tools',
  testEnvironment: 'node',
  testTimeout: 900_000,
  testMatch: ['<rootDir>/*/*.spec.cjs'], // no deeper: a git worktree in this folder holds its own
};
