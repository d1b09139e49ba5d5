// Builds programs whose sources have changed: the one that `nx run` or `npx tass` is about to start, or all of them (`npm run build`).
//   node tools/nx-command/build.cjs [options of tsc --build]
// Looking costs 40 ms; `nx run` with a build target for each of 20 packages costs seconds, and without Nx's daemon it writes every dist folder
// anew from the cache.
const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const { existsSync, mkdirSync, readFileSync, readdirSync, readlinkSync, rmSync, statSync, utimesSync, writeFileSync } = require('node:fs');
const { hostname } = require('node:os');
const path = require('node:path');

/**
 * Brings the program `main`, such as apps/trainer/dist/main.js, up to date by one `tsc --build`. Returns false if that fails; tsc prints what is
 * wrong in the sources. `say` gets a line where something is built, waited for or failed. A program that no tsconfig.lib.json builds stays as it is.
 */
function bringUpToDate(root, main, say) {
  const [project, inDist] = path.relative(root, path.resolve(root, main)).split(`${path.sep}dist${path.sep}`);
  const config = path.join(root, project, 'tsconfig.lib.json');
  if (inDist === undefined || !existsSync(config)) return true;
  try {
    if (projectsOf(root, [config]).every(isBuilt)) return true;
    return alone(root, say, () => {
      const projects = projectsOf(root, [config]); // another process may have built them meanwhile
      if (projects.every(isBuilt)) return true;
      const isFirst = !projects.some((each) => existsSync(buildInfoOf(each))); // otherwise it takes seconds
      say(`building ${project}${isFirst ? ' for the first time, which takes about a minute' : ''}`);
      const succeeded = build(root, projects, [config], 2);
      if (!succeeded) say(`${project} has errors and is not run`);
      return succeeded;
    });
  } catch (error) {
    say(`${project} cannot be built: ${error.message}`);
    return false;
  }
}

/** Builds every project, also the specs, of which only the types are checked. */
function buildAll(root, options) {
  const folders = ['packages', 'apps'].flatMap((parent) =>
    readdirSync(path.join(root, parent)).map((name) => path.join(root, parent, name)),
  );
  const configs = folders.map((folder) => path.join(folder, 'tsconfig.lib.json')).filter(existsSync);
  return alone(root, console.error, () => build(root, projectsOf(root, configs), options, 1));
}

/**
 * The projects and all that they refer to, each with digests of its own sources and of these with those it refers to. Digests of contents,
 * because times do not reveal a deleted file, one replaced by an older one or changed during a build, or remaining errors.
 */
function projectsOf(root, configs, found = new Map()) {
  for (const config of configs) {
    if (found.has(config)) continue;
    const folder = path.dirname(config);
    const below = (JSON.parse(readFileSync(config, 'utf8')).references ?? []).map((reference) => path.join(folder, reference.path));
    projectsOf(root, below, found);
    const files = [config, path.join(root, 'tsconfig.base.json'), ...sourcesIn(path.join(folder, 'src'))];
    const own = digest(files.flatMap((file) => [path.relative(root, file), readFileSync(file)]));
    found.set(config, { folder, own, all: digest([own, ...below.map((each) => found.get(each).all)]) });
  }
  return [...found.values()];
}

/** Those that are not for specs. By hand, as `recursive` of Node 20 takes three times as long. */
function sourcesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'fixtures' ? [] : sourcesIn(file);
    return file.endsWith('.ts') && !file.endsWith('.spec.ts') ? [file] : [];
  });
}

function digest(parts) {
  const hash = createHash('sha1');
  for (const part of parts) hash.update(`${part.length} `).update(part);
  return hash.digest('hex');
}

const recordOf = ({ folder }) => path.join(folder, 'dist/built-from.txt');
const buildInfoOf = ({ folder }) => path.join(folder, 'dist/tsconfig.lib.tsbuildinfo');
const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');
const isBuilt = (project) => existsSync(buildInfoOf(project)) && read(recordOf(project)) === `${project.own}\n${project.all}`;

/** Records the digests that tsc has seen; the second one only where all is without errors. A build that is killed leaves none. */
function build(root, projects, words, output) {
  const changed = projects.filter((project) => !isBuilt(project));
  for (const project of changed) {
    const isSeen = read(recordOf(project)).startsWith(project.own);
    if (!isSeen && existsSync(buildInfoOf(project))) utimesSync(buildInfoOf(project), 1, 1); // else tsc, which compares times, may see no change
    rmSync(recordOf(project), { force: true });
  }
  const tsc = require.resolve('typescript/bin/tsc', { paths: [root] });
  const { status, error } = spawnSync(process.execPath, [tsc, '--build', ...words], { cwd: root, stdio: ['ignore', output, output] });
  if (error) throw error;
  if (status !== null)
    for (const project of changed.filter((each) => existsSync(buildInfoOf(each))))
      writeFileSync(recordOf(project), `${project.own}\n${status === 0 ? project.all : ''}`);
  return status === 0;
}

/** One build at a time: a program must not start while another process writes its files. */
function alone(root, say, work) {
  const lock = path.join(root, 'node_modules/.cache/tass-build.lock');
  mkdirSync(path.dirname(lock), { recursive: true });
  for (let waited = 0; !take(lock); waited++) {
    if (isAbandoned(lock)) rmSync(lock, { force: true });
    else if (waited === 0) say(`waiting for the build of another process (${lock})`);
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
    writeFileSync(lock, `${process.pid} ${hostname()} ${namespace()}`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Of process ids: containers of one host name have several, and see only the processes of their own. Empty if the system does not provide
 * it.
 */
function namespace() {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

/** Its process has ended, or is another one by now: a build takes a minute. Or it was killed before it had written its name. */
function isAbandoned(lock) {
  const age = Date.now() - statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
  try {
    const [pid, host, itsNamespace = namespace()] = readFileSync(lock, 'utf8').split(' ');
    if (age > 3_600_000) return true;
    if (!host) return age > 2000;
    return host === hostname() && itsNamespace === namespace() && !process.kill(Number(pid), 0);
  } catch (error) {
    if (!['ESRCH', 'EPERM', 'ENOENT'].includes(error.code))
      throw new Error(`${lock} cannot be read (${error.code}). Delete it when nothing is being built`);
    return error.code === 'ESRCH';
  }
}

module.exports = { bringUpToDate };
if (require.main === module) process.exitCode = buildAll(path.resolve(__dirname, '../..'), process.argv.slice(2)) ? 0 : 1;
