module.exports = { ...require('../../jest.preset.cjs')(__dirname), testEnvironment: '<rootDir>/jest.environment.cjs' };
