// Lets a process that a spec starts run the sources: node --conditions=@tass/source --require .../typescript.cjs main.ts
// What a file becomes is kept in .cache/typescript: specs start hundreds of processes, and transforming took a fifth of each start.
const { createHash, randomBytes } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const options = { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } };
const transformer = `${require('@swc/core/package.json').version} ${JSON.stringify(options)}`;
const cache = path.join(__dirname, '../../../.cache/typescript');
const digest = (text) => createHash('sha1').update(text).digest('hex');

require.extensions['.ts'] = (module, file) => module._compile(javaScriptOf(file), file);

function javaScriptOf(file) {
  const text = readFileSync(file, 'utf8');
  const origin = `\n// from ${digest(`${transformer}\n${text}`)}`; // ends what is kept
  const kept = path.join(cache, `${digest(file)}.js`);
  try {
    const code = readFileSync(kept, 'utf8');
    if (code.endsWith(origin)) return code;
  } catch {
    // not there yet
  }
  const code = require('@swc/core').transformSync(text, { ...options, filename: file }).code + origin;
  keep(kept, code);
  return code;
}

function keep(file, code) {
  const unfinished = `${file}.${randomBytes(8).toString('hex')}`; // threads of one process share its id
  try {
    mkdirSync(cache, { recursive: true });
    writeFileSync(unfinished, code);
    renameSync(unfinished, file); // whole or not at all: other processes read it
  } catch {
    // a user who may not write there transforms again
  }
}
