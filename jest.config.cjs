const { existsSync, readdirSync } = require('node:fs');
const path = require('node:path');

/** The packages in a folder; a git worktree there holds all specs a second time. */
const packagesIn = (folder) =>
  readdirSync(path.join(__dirname, folder))
    .map((name) => path.join(__dirname, folder, name))
    .filter((each) => existsSync(path.join(each, 'jest.config.cjs')) && !existsSync(path.join(each, '.git')));

module.exports = {
  testTimeout: 900_000, // only against hanging: a slow machine is no failure; as in jest.preset.cjs, as of all projects together jest takes it from here
  projects: [...packagesIn('packages'), ...packagesIn('apps'), '<rootDir>/tools', '<rootDir>/bench'],
};
