module.exports = {
  testTimeout: 60_000, // as in jest.preset.cjs: of all projects together jest takes it from here
  projects: ['<rootDir>/packages/*/jest.config.cjs', '<rootDir>/apps/*/jest.config.cjs', '<rootDir>/tools/jest.config.cjs'],
};
