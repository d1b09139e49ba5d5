// Flips single bits in a project's files and observes the outcome: the damage is noticed, the file is made again, the flip is harmless, or
// a result changes silently.
//   node tools/bit-flips [--flips=40] [--seed=1] [--kind=NAME ...] [--verbose]      after npm run build
// The flips of a kind do not depend on the other kinds, so the campaign can be run in parts.
// A result is: the weights after training or a resume, predictions, report, the figures of a leaderboard, and what MLflow is sent. Harmless
// means that all of them are the same bytes as without the flip. Ends with code 1 when one flip was silent. docs/damage.md says what is checked.
const { spawnSync } = require('node:child_process');
const { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { clock, Pace, showProgress } = require('@tass/progress');
const { fnv1a, sfc32 } = require('@tass/random');
const kinds = require('./kinds.cjs');
const { projectSettings } = require('./programs.cjs');

const options = (name) => process.argv.filter((word) => word.startsWith(`--${name}=`)).map((word) => word.slice(name.length + 3));
const option = (name, fallback) => options(name)[0] ?? fallback;

async function main() {
  const flips = Number(option('flips', '40'));
  const seed = Number(option('seed', '1'));
  const asked = options('kind');
  const isVerbose = process.argv.includes('--verbose');
  if (!Number.isInteger(flips) || flips < 1 || !asked.every((kind) => Object.hasOwn(kinds, kind)))
    throw new Error(`expected --flips above 0 and --kind among ${Object.keys(kinds).join('; ')}`);
  const folder = mkdtempSync(path.join(tmpdir(), 'tass-bit-flips-'));
  try {
    return await campaign(folder, { flips, seed, names: asked.length > 0 ? asked : Object.keys(kinds), isVerbose });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function campaign(folder, { flips, seed, names, isVerbose }) {
  const whole = path.join(folder, 'whole');
  console.log(`${flips} flips of each kind, seed ${seed}`);
  const made = spawnSync(process.execPath, [path.join(__dirname, 'make.cjs'), whole], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`the project cannot be made: ${made.stderr}`);
  const ids = JSON.parse(readFileSync(path.join(whole, 'made.json'), 'utf8'));
  const files = filesBelow(whole);
  const project = new Project(folder, whole, ids);
  let silent = 0;
  console.log(`${'kind'.padEnd(18)} flips noticed remade harmless silent`);
  const pace = new Pace(flips * names.length);
  for (const kind of names) {
    const cases = kinds[kind];
    const progress = showProgress({ label: kind, unit: 'flips', total: flips }, terminal);
    const counts = { noticed: 0, remade: 0, harmless: 0, silent: 0 };
    const next = sfc32([seed, fnv1a(kind), 0], 20);
    const below = (count) => next() % count;
    const targets = cases.map((one) => ({ ...one, files: files.filter((name) => new RegExp(`^${one.file(ids)}$`).test(name)) }));
    for (let flip = 0; flip < flips; flip++) {
      const { files: candidates, scenario } = targets[flip % targets.length];
      const bit = drawBit(candidates, (name) => statSync(path.join(whole, name)).size, below);
      const { outcome, why } = await project.flip(bit, scenario);
      counts[outcome]++;
      pace.update(pace.done + 1);
      progress.update(flip + 1, `${clock(pace.secondsLeft)} left of all kinds`);
      if (isVerbose || outcome === 'silent') console.log(`  ${outcome}: ${bit.name} byte ${bit.byte} bit ${bit.bit}: ${why}`);
    }
    progress.finish();
    silent += counts.silent;
    console.log(
      `${kind.padEnd(18)} ${[flips, ...Object.values(counts)].map((count, at) => String(count).padStart([5, 7, 6, 8, 6][at])).join(' ')}`,
    );
  }
  console.log(silent === 0 ? 'no flip was silent' : `${silent} flips were silent`);
  return silent === 0 ? 0 : 1;
}

/** Copies of one project, each of which is damaged once. */
class Project {
  expected = new Map(); // by scenario

  constructor(folder, whole, ids) {
    Object.assign(this, { folder, whole, ids });
  }

  async flip({ name, byte, bit }, scenario) {
    if (!this.expected.has(scenario)) this.expected.set(scenario, await this.undamaged(scenario));
    const expected = this.expected.get(scenario);
    let before;
    let flipped;
    const damage = (copy) => {
      const file = path.join(copy, name);
      before = readFileSync(file);
      flipped = Buffer.from(before);
      flipped[byte] ^= 1 << bit;
      writeFileSync(file, flipped);
    };
    const { parts, after } = await this.inCopy(damage, scenario, name);
    return judge(expected, parts, after !== undefined && after.equals(before));
  }

  async undamaged(scenario) {
    const { parts } = await this.inCopy(() => undefined, scenario);
    for (const [name, { error }] of Object.entries(parts)) if (error !== undefined) throw new Error(`${name} of a whole project: ${error}`);
    return parts;
  }

  async inCopy(damage, scenario, name) {
    const copy = mkdtempSync(path.join(this.folder, 'copy-'));
    cpSync(this.whole, copy, { recursive: true });
    damage(copy);
    const parts = await inSilence(() => scenario(projectSettings(copy, {}), this.ids));
    const after = name === undefined ? undefined : readOrAbsent(path.join(copy, name));
    rmSync(copy, { recursive: true, force: true });
    return { parts: withoutFolder(parts, copy), after };
  }
}

/** A part that was refused is noticed, unless it kept something; one that is another than expected is silent. */
function judge(expected, parts, isRestored) {
  for (const [part, { result }] of Object.entries(parts)) {
    if (part === 'kept' && result !== '[]') return { outcome: 'silent', why: `kept ${result}` };
    if (part !== 'kept' && result !== undefined && result !== expected[part].result)
      return { outcome: 'silent', why: `${part} is another one: ${difference(expected[part].result ?? '', result)}` };
  }
  const refused = Object.values(parts).find(({ error }) => error !== undefined);
  if (refused) return { outcome: 'noticed', why: refused.error };
  return isRestored ? { outcome: 'remade', why: 'the file is as it was' } : { outcome: 'harmless', why: 'every result is the same' };
}

function difference(expected, result) {
  let at = 0;
  while (expected[at] === result[at] && at < result.length) at++;
  return `${expected.slice(Math.max(0, at - 60), at + 40)} became ${result.slice(Math.max(0, at - 60), at + 40)}`;
}

/** Uniform over the bytes of the files. */
function drawBit(names, sizeOf, below) {
  const sizes = names.map(sizeOf);
  let byte = below(sizes.reduce((sum, size) => sum + size, 0));
  const at = sizes.findIndex((size) => (byte < size ? true : ((byte -= size), false)));
  return { name: names[at], byte, bit: below(8) };
}

const filesBelow = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.relative(folder, path.join(parentPath, name)).split(path.sep).join('/'))
    .sort();

const withoutFolder = (parts, folder) =>
  Object.fromEntries(Object.entries(parts).map(([name, { result, error }]) => [name, { result: result?.replaceAll(folder, ''), error: error?.replaceAll(folder, '') }])); // prettier-ignore

function readOrAbsent(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** As it is while the programs are silent. */
const terminal = {
  write: process.stderr.write.bind(process.stderr),
  ...{ isTTY: process.stderr.isTTY, columns: process.stderr.columns, rows: process.stderr.rows },
};

/** Programs print to both outputs; what counts is what they give and throw. */
async function inSilence(work) {
  const outputs = [process.stdout, process.stderr].map((stream) => ({ stream, write: stream.write }));
  for (const { stream } of outputs) stream.write = () => true;
  try {
    return await work();
  } finally {
    for (const { stream, write } of outputs) stream.write = write;
  }
}

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(error.message);
    process.exit(2);
  },
);
