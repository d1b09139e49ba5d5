// The quickstart by its phases, from an empty folder; then its first two epochs on each engine, taking turns.
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { makeProject, sizesOf, trainer } = require('../project.cjs');
const { least, median, takeTurns, watch } = require('../sides.cjs');

exports.title = 'Quickstart';
exports.options = { epochs: '12' };

exports.measure = async ({ engine, besides, rounds, epochs, videos }) => {
  const project = mkdtempSync(join(tmpdir(), 'tass-bench-'));
  const train = (backend, count) => phasesOf(project, [`engine.backend=${backend}`, `epochs=${count}`, ...sizesOf(videos)]);
  try {
    makeProject(project);
    const whole = await train(engine, epochs);
    const engines = [engine, ...besides.split(',').filter((other) => other !== '')];
    const made = await takeTurns(Object.fromEntries(engines.map((name) => [name, () => train(name, 2)])), rounds);
    const epochsOf = (all, at) => ({ least: least(all.map((phases) => phases.epochs[at])), median: median(all.map((phases) => phases.epochs[at])) }); // prettier-ignore
    const sides = Object.fromEntries(Object.entries(made).map(([side, all]) => [side, [epochsOf(all, 0), epochsOf(all, 1)]]));
    const result = { engine, epochs, whole, sides };
    console.log([textOf(result), ...Object.entries(sides).map(lineOf)].join('\n'));
    return result;
  } finally {
    rmSync(project, { recursive: true });
  }
};

/** Seconds of each phase, by the times at which the trainer says that it ended. */
async function phasesOf(project, overrides) {
  const words = [process.execPath, trainer, 'train', '--exp=quickstart', 'pages=0', ...overrides];
  const { said, wholeMilliseconds } = await watch(words, { cwd: project });
  const endIfAny = (pattern) => said.find(({ line }) => pattern.test(line))?.seconds;
  const endOf = (pattern) => endIfAny(pattern) ?? fail(`the trainer said nothing that matches ${pattern}`);
  const [engine, data, begun] = [endOf(/^\[engine: /), endOf(/^\[data: /), endOf(/^run: /)];
  const world = endIfAny(/^world: .* in /) ?? engine;
  const ends = said.filter(({ line }) => /^epoch .* in /.test(line)).map(({ seconds }) => seconds);
  const [training, test] = [endOf(/^\[training: /), endOf(/^\[test: /)];
  return {
    ...{ start: engine, world: world - engine, features: data - world, training: training - begun, test: test - training },
    epochs: ends.map((end, at) => end - (ends[at - 1] ?? begun)),
    whole: wholeMilliseconds / 1000,
  };
}

const textOf = ({ engine, epochs, whole: { world, features, training, test, whole } }) =>
  `on ${engine}, ${epochs} epochs: ${whole.toFixed(1)} s (world ${world.toFixed(1)}, features ${features.toFixed(1)}, training ${training.toFixed(1)}, test ${test.toFixed(1)})`;

const lineOf = ([side, epochs]) =>
  `epochs on ${side}: ${epochs.map(({ least, median }) => `${least.toFixed(1)} s (median ${median.toFixed(1)})`).join(', then ')}`;

exports.aims = ({
  engine,
  sides: {
    [engine]: [first, second],
  },
}) => [{ what: 'first epoch of the quickstart minus the second, seconds', most: 1, value: first.least - second.least }];

exports.page = (result) => {
  const row = ([side, epochs]) =>
    `| ${[side, ...epochs.map(({ least, median }) => `${least.toFixed(1)} / ${median.toFixed(1)}`)].join(' | ')} |`;
  return `We measured the time of \`trainer:train --exp=quickstart\` in an empty folder, without Nx,
${textOf(result)}.

The table shows the times of the first two epochs on each engine, in seconds (minimum / median). Each
epoch includes the validation. The first epoch also includes recording and compiling the steps.

| engine | first epoch | second epoch |
|---|---|---|
${Object.entries(result.sides).map(row).join('\n')}
`;
};

function fail(message) {
  throw new Error(`bench: ${message}`);
}
