// The overhead of a sweep, and the gain from running several cells at once: tiny training runs as a sweep and as separate processes.
const { mkdtempSync, rmSync, symlinkSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join, resolve } = require('node:path');
const { makeProject, makeProjectWithData, sizesOf, trainer } = require('../project.cjs');
const { inPython, least, python, takeTurns, watch } = require('../sides.cjs');

exports.title = 'Sweeps';
exports.options = { cells: '8' };

exports.measure = async ({ project, videos, engine, rounds, cells }) => {
  await makeProjectWithData(project, videos);
  const seeds = Array.from({ length: cells }, (_, at) => at + 1);
  const overrides = ['epochs=1', 'engine.threads=1', `engine.backend=${engine}`, ...sizesOf(videos)];
  const inProject = (work) => withProject(project, seeds, overrides, work);
  const made = await takeTurns(
    {
      separate: () => inProject((copy) => runEach(copy, seeds, overrides)),
      ...Object.fromEntries([1, 2].map((jobs) => [`jobs ${jobs}`, () => inProject((copy) => sweep(copy, jobs))])),
      ...inPython({ hydra: () => milliseconds([python, join(__dirname, 'hydra_cells.py'), '--multirun', `+seed=${seeds.join()}`]) }),
    },
    rounds,
  );
  const result = { cells, ...Object.fromEntries(Object.entries(made).map(([side, all]) => [side, least(all) / 1000])) };
  console.log(textOf(result));
  return result;
};

const milliseconds = async (words, options) => (await watch(words, options)).wholeMilliseconds;

/** A project with the embedded world of another one, and a grid. */
async function withProject(made, seeds, overrides, work) {
  const project = mkdtempSync(join(tmpdir(), 'tass-bench-'));
  try {
    makeProject(project);
    symlinkSync(resolve(made, '.cache'), join(project, '.cache'));
    const grid = [
      'title: bench',
      'sweep:',
      '  experiments: [ablations/question-only]',
      `  seeds: [${seeds}]`,
      `  overrides: [${overrides}]`,
    ];
    writeFileSync(join(project, 'experiments/bench.yaml'), `${grid.join('\n')}\n`);
    return await work(project);
  } finally {
    rmSync(project, { recursive: true });
  }
}

const sweep = (project, jobs) => milliseconds([process.execPath, trainer, 'sweep', '--exp=bench', `--jobs=${jobs}`], { cwd: project });

async function runEach(project, seeds, overrides) {
  let sum = 0;
  for (const seed of seeds)
    sum += await milliseconds([process.execPath, trainer, 'train', '--exp=ablations/question-only', ...overrides, `seed=${seed}`], {
      cwd: project,
    });
  return sum;
}

const textOf = ({ cells, separate, hydra, ...bySize }) => {
  const overhead = (1000 * (bySize['jobs 1'] - separate)) / cells;
  const sizes = Object.entries(bySize).map(([side, seconds]) => `${side.split(' ')[1]} at once ${seconds.toFixed(1)} s`);
  return `${cells} trainings as separate commands, one after the other: ${separate.toFixed(1)} s; as a sweep: ${sizes.join(', ')}. With one at once,\na cell takes ${overhead.toFixed(0)} ms more than a separate command${hydra ? `. Hydra's multirun of ${cells} empty cells: ${hydra.toFixed(1)} s` : ''}`;
};

exports.page = (result) =>
  `Each training runs the network question-only on the embedded world for one epoch. A sweep runs every
training in a separate process, and the record of a training outlives its process. Hydra's own launcher calls a
function in its own process, one training after the other; if one fails, all end.

${textOf(result)}.
`;
