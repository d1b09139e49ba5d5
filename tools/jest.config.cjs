module.exports = { rootDir: __dirname, displayName: 'tools', testEnvironment: 'node', testMatch: ['<rootDir>/**/*.spec.cjs'] };
