#!/usr/bin/env node
// The programs of the project without Nx in between: faster to start, exit codes as they are, --help works.
//   npx tass train --exp=quickstart          the same as  npx nx run trainer:train --exp=quickstart, for programs that are built
const { existsSync } = require('node:fs');
const path = require('node:path');
const { commands } = require('./commands.cjs');
const { completionScript, complete } = require('./completion.cjs');

const [name, ...words] = process.argv.slice(2);
const known = commands();

if (name === undefined || name === 'help' || name === '--help') {
  console.log(usage());
} else if (name === 'completion') {
  const script = completionScript(words[0]);
  if (script === undefined) fail(`tass: completion for ${words[0] ?? 'no shell'} is not known, expected bash, zsh or fish`);
  else console.log(script);
} else if (name === 'complete') {
  console.log(complete(words, known).join('\n'));
} else if (!Object.hasOwn(known, name)) {
  fail(`tass: ${name} is not a command, expected ${Object.keys(known).join(', ')} or completion`);
} else {
  run(known[name]);
}

/** In this very process, so that signals and exit code are the program's own. */
function run({ main, words: first }) {
  if (!existsSync(main)) {
    fail(`tass: ${path.relative(process.cwd(), main)} is not there. Build the programs: npm run build`);
    return;
  }
  process.argv = [process.argv[0], main, ...first, ...words];
  require(main);
}

function usage() {
  const lines = Object.entries(known).map(([command, { description }]) => `  tass ${command.padEnd(12)} ${description}`);
  return `The programs of the project; each knows --help.\n\n${lines.join('\n')}\n  tass completion   words for the Tab key: eval "$(npx tass completion bash)"`;
}

function fail(message) {
  console.error(message);
  process.exitCode = 2;
}
