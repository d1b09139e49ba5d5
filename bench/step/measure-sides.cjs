// One case on every side in turns. Sides that give losses agree on those of the first steps.
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { least, median, python, run, takeTurns } = require('../sides.cjs');

const ours = join(__dirname, 'ours.cjs');
const tolerances = [1e-5, 1e-3, 1e-3]; // of the first loss, which has seen the same parameters; of the next ones, after Adam, which makes much of small differences

/**
 * `peersOf({ here, peer })` names the others: `here(engine, variables)` runs ours, `peer(file)` a Python file. What each side gave, round by round; `ours` is the
 * engine's, with the variables `env`. `gpu`: the GPU's memory is watched too.
 */
exports.measureSides = async (name, engine, peersOf, { rounds, steps, threads = '2', env: ofOurs, gpu }) => {
  const folder = mkdtempSync(join(tmpdir(), 'tass-bench-'));
  const BENCH_THREADS = threads;
  const here = (chosen, env) =>
    run([process.execPath, ours, 'run', folder, String(steps), chosen], { env: { BENCH_THREADS, ...env }, gpu });
  const peer = (file, { command = [], env } = {}) =>
    run([python, file, ...command, folder, String(steps)], { env: { BENCH_THREADS, ...env }, gpu });
  try {
    await run([process.execPath, ours, 'make', folder, name]);
    const made = await takeTurns({ ours: () => here(engine, ofOurs), ...peersOf({ here, peer }) }, rounds);
    for (const [side, [{ losses }]] of Object.entries(made)) if (losses) expectSameLosses(name, made.ours[0].losses, losses, side);
    return made;
  } finally {
    rmSync(folder, { recursive: true });
  }
};

exports.summary = (all) => {
  const times = all.flatMap(({ milliseconds }) => milliseconds);
  const [{ device }] = all; // of ours
  return {
    ...(device && { device }),
    least: least(times),
    median: median(times),
    megabytes: Math.max(...all.map(({ peakMegabytes }) => peakMegabytes)),
    ...(all[0].gpuMegabytes !== undefined && { gpuMegabytes: Math.max(...all.map((each) => each.gpuMegabytes)) }),
  };
};

function expectSameLosses(name, ours, theirs, side) {
  const differs = tolerances.findIndex((most, step) => !(Math.abs(ours[step] - theirs[step]) <= most * Math.abs(theirs[step])));
  if (differs < 0) return;
  throw new Error(`bench: ${name}: the loss of step ${differs + 1} is ${ours[differs]} here and ${theirs[differs]} on the side ${side}. The two do not compute the same`); // prettier-ignore
}
