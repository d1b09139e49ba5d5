// Nx's own run-commands joins the words of a command line and gives them to a shell, so that a value like `$(id)` runs as a
// command. This executor spawns node with an argument array: every word arrives as it was typed.
const { spawn } = require('node:child_process');
const { existsSync } = require('node:fs');
const path = require('node:path');
const { bringUpToDate } = require('./build.cjs');

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const ignore = () => undefined;

module.exports = async function run(options, context) {
  const main = path.join(context.root, options.main);
  if (!bringUpToDate(context.root, main, (line) => console.error(`nx-command: ${line}`))) return { success: false };
  if (!existsSync(main)) {
    console.error(`nx-command: ${options.main} does not exist, expected a program`);
    return { success: false };
  }
  const words = [...(options.words ?? []), ...(options.__unparsed__ ?? [])];
  // A group of its own, since one Ctrl-C reaches a program below Nx several times: from the terminal, from here, and as the SIGTERM and
  // SIGHUP with which Nx ends its own processes. The program gets the first of them, so that it can take a second one for "at once".
  const child = spawn(process.execPath, [main, ...words], { cwd: context.root, stdio: 'inherit', detached: true });
  const outputs = [process.stdout, process.stderr]; // the program's as well
  const isAtTerminal = outputs.some(({ isTTY }) => isTTY);
  let passed = false;
  const pass = (signal) => {
    if (passed || (signal === 'SIGHUP' && !isAtTerminal)) return; // SIGHUP is ignored where the program ignores it
    passed = true;
    child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
  };
  for (const signal of signals) process.on(signal, pass);
  for (const output of outputs) output.on('error', ignore); // its reader or its terminal is gone; the program is waited for all the same
  const code = await new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(`nx-command: ${error.message}`);
      resolve(1);
    });
    child.once('exit', (exitCode, signal) => resolve(exitCode ?? (signal ? 1 : 0)));
  });
  for (const signal of signals) process.off(signal, pass);
  for (const output of outputs) output.off('error', ignore);
  if (code !== 0) process.exitCode = code;
  return { success: code === 0 };
};
