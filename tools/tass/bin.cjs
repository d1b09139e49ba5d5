#!/usr/bin/env node
// The programs of the project without Nx in between: faster to start, exit codes as they are, --help works.
//   npx tass train --exp=quickstart          the same as  npx nx run trainer:train --exp=quickstart
require('node:module').enableCompileCache?.(); // Node 22 and later keep compiled code, in the folder for temporary files
const { bringUpToDate } = require('../nx-command/build.cjs');
const { commands, repository } = require('./commands.cjs');
const { completionScript, complete, shells } = require('./completion.cjs');

const [name, ...words] = process.argv.slice(2);
const known = commands();
const others = { completion: { options: shells }, help: { options: [] } };

if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
  console.log(usage());
} else if (name === 'completion') {
  if (shells.includes(words[0])) console.log(completionScript(words[0]));
  else fail(`tass: completion for ${words[0] ?? 'no shell'} is not known, expected ${shells.join(', ')}`);
} else if (name === 'complete') {
  for (const word of complete(words, { ...known, ...others })) console.log(word);
} else if (!Object.hasOwn(known, name)) {
  const names = [...Object.keys(known), ...Object.keys(others)];
  fail(`tass: ${name} is not a command, expected ${names.join(', ')}.${didYouMean(name, names)}`);
} else {
  run(known[name]);
}

/** In this very process, so that signals and exit code are the program's own. */
function run({ main, words: first }) {
  if (!bringUpToDate(repository, main, (line) => console.error(`tass: ${line}`))) {
    process.exitCode = 1;
    return;
  }
  process.argv = [process.argv[0], main, ...first, ...words];
  require(main);
}

function usage() {
  const lines = Object.entries(known).map(([command, { description }]) => `  tass ${command.padEnd(12)} ${description}`);
  return `The programs of the project. For details: tass COMMAND --help.\n\n${lines.join('\n')}\n  tass completion   words for the Tab key: eval "$(npx tass completion bash)", or zsh; fish: npx tass completion fish | source`;
}

/** Needs what is built; without it there is no guess. */
function didYouMean(given, names) {
  try {
    return require('@tass/program').didYouMean(given, names);
  } catch {
    return '';
  }
}

function fail(message) {
  console.error(message);
  process.exitCode = 2;
}
