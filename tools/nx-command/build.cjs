// Builds a program before it runs, where its sources are newer: for `nx run` and for `npx tass`. Looking costs 15 ms; `nx run` with a
// build target for each of 20 packages costs seconds, and without Nx's daemon it writes every dist folder anew from the cache.
const { spawnSync } = require('node:child_process');
const { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } = require('node:fs');
const path = require('node:path');

/**
 * Brings the program `main`, such as apps/trainer/dist/main.js, up to date by one `tsc --build`. Gives false where its sources have errors, which
 * tsc prints. `say` gets one line where something is built. A program that no tsconfig.lib.json builds stays as it is.
 */
function bringUpToDate(root, main, say) {
  const [project, inDist] = path.resolve(root, main).split(`${path.sep}dist${path.sep}`);
  const config = path.join(project, 'tsconfig.lib.json');
  if (inDist === undefined || timeOf(config) === undefined || isUpToDate(root, config)) return true;
  return alone(root, () => {
    if (isUpToDate(root, config)) return true; // another process has built it meanwhile
    say(`building ${path.relative(root, project)}`);
    const tsc = require.resolve('typescript/bin/tsc', { paths: [root] });
    const { status } = spawnSync(process.execPath, [tsc, '--build', config], { cwd: root, stdio: ['ignore', 2, 2] });
    if (status !== 0) rmSync(buildInfo(config), { force: true }); // tsc writes it also where there are errors
    return status === 0;
  });
}

/** True where a project and all that it refers to were built after the last change of their sources. tsc compares the same times. */
function isUpToDate(root, config, seen = new Set()) {
  if (seen.has(config)) return true;
  seen.add(config);
  const folder = path.dirname(config);
  const built = timeOf(buildInfo(config));
  const isOlder = (file) => timeOf(file) <= built;
  const { references = [] } = JSON.parse(readFileSync(config, 'utf8'));
  return (
    built !== undefined &&
    [config, path.join(root, 'tsconfig.base.json'), ...sourcesIn(path.join(folder, 'src'))].every(isOlder) &&
    references.every((reference) => isUpToDate(root, path.join(folder, reference.path), seen))
  );
}

/** Those that are not for specs. By hand, as `recursive` of Node 20 takes three times as long. */
function sourcesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'fixtures' ? [] : sourcesIn(file);
    return file.endsWith('.ts') && !file.endsWith('.spec.ts') ? [file] : [];
  });
}

const buildInfo = (config) => path.join(path.dirname(config), 'dist/tsconfig.lib.tsbuildinfo');
const timeOf = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs;

/** One build at a time: a program must not start while another process writes its files. */
function alone(root, work) {
  const lock = path.join(root, 'node_modules/.cache/tass-build.lock');
  mkdirSync(path.dirname(lock), { recursive: true });
  while (!take(lock)) {
    if (isAbandoned(lock)) rmSync(lock, { force: true });
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100); // sleeps 100 ms
  }
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Its process has ended, or is another one by now: a build takes half a minute. */
function isAbandoned(lock) {
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0);
    return Date.now() - timeOf(lock) > 600_000;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

module.exports = { bringUpToDate };
