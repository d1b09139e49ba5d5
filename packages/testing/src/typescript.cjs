// Lets a process that a spec starts run the sources: node --conditions=@tass/source --require .../typescript.cjs main.ts
const { transformFileSync } = require('@swc/core');

require.extensions['.ts'] = (module, file) => {
  const options = { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } };
  module._compile(transformFileSync(file, options).code, file);
};
