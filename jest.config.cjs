module.exports = {
  testTimeout: 900_000, // only against hanging: a slow machine is no failure; as in jest.preset.cjs, as of all projects together jest takes it from here
  projects: [
    '<rootDir>/packages/*/jest.config.cjs',
    '<rootDir>/apps/*/jest.config.cjs',
    '<rootDir>/tools/jest.config.cjs',
    '<rootDir>/bench/jest.config.cjs',
  ],
};
