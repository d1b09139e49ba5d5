// The targets that each package of TypeScript has, as a plugin of Nx; nx.json describes them. Nx's own plugins infer the same, and `nx run` then
// costs 8 s of processor time more.
const path = require('node:path');

const targets = { build: {}, test: {}, lint: {} };

module.exports = {
  name: 'targets',
  createNodes: [
    '{apps,packages}/*/tsconfig.lib.json',
    (files) => files.map((file) => [file, { projects: { [path.dirname(file)]: { targets } } }]),
  ],
};
