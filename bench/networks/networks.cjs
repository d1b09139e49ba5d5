// A training step of every network but TASS, here and in PyTorch as it is usually written.
const { join } = require('node:path');
const { inPython, keepingAllocator, median } = require('../sides.cjs');
const { measureSides, summary } = require('../step/measure-sides.cjs');

const columns = { plain: 'PyTorch, plain', keeping: 'PyTorch, plain, allocator keeps memory' };
const small = ['mean-pooling', 'transformer', 'st-avqa', 'tjstg', 'pstp-public', 'pstp-intended', 'tspm', 'qa-tiger', 'qast', 'cue-space'];

exports.title = 'Training step of the other networks';
exports.options = {
  networks: 'mean-pooling-64x49,mean-pooling-12x49x10x8,transformer-64x49,transformer-12x49x10x8,st-avqa-64x49,tjstg-64x49', // or small: every network of docs/peers.md, and its batch
  threads: '2', // of each side; 1 where other programs use a core: PyTorch's threads wait for each other
};

exports.measure = async ({ networks, engine, rounds, steps, threads }) => {
  const results = [];
  const names = networks === 'small' ? small.map((name) => `${name}-small-12x49x10x8`) : networks.split(',');
  for (const name of names) {
    const peersOf = ({ peer }) =>
      inPython({
        plain: () => peer(join(__dirname, 'peer.py')),
        keeping: () => peer(join(__dirname, 'peer.py'), { env: keepingAllocator }),
      });
    const made = await measureSides(name, engine, peersOf, { rounds, steps, threads });
    const sides = Object.entries(made).map(([side, all]) => [side, { ...summary(all), ratios: ratiosOf(made.ours, all) }]);
    results.push({ name, sides: Object.fromEntries(sides) });
    console.log(lineOf(results.at(-1)));
  }
  console.log(`\n${tableOf(results)}`);
  return results;
};

/** How many times ours each round's median is, in rising order. */
const ratiosOf = (ours, theirs) =>
  theirs.map(({ milliseconds }, round) => median(milliseconds) / median(ours[round].milliseconds)).sort((a, b) => a - b);

const ratioText = ({ ratios }) => `${ratios[0].toFixed(2)} to ${ratios.at(-1).toFixed(2)}`;

function lineOf({ name, sides: { ours, ...peers } }) {
  const parts = Object.entries(peers).map(
    ([side, figures]) => `${side} ${figures.least.toFixed(0)} (${(figures.least / ours.least).toFixed(2)}x; rounds ${ratioText(figures)})`,
  );
  return [`${name.padEnd(23)} least: ours ${ours.least.toFixed(0)} ms`, ...parts].join(', ');
}

exports.aims = (results) =>
  results
    .filter(({ sides }) => sides.plain)
    .map(({ name, sides: { ours, plain } }) => ({ what: `step ${name}: ${columns.plain}`, least: 1, value: plain.least / ours.least }));

function tableOf(results) {
  const shown = Object.keys(columns).filter((side) => side in results[0].sides);
  const row = ({ name, sides: { ours, ...peers } }) => {
    const [, network, videos, regions, , questions = '1'] = /^(.+)-(\d+)x(\d+)(?:x(\d+)x(\d+))?$/.exec(name);
    const times = ({ least, median: middle }) => `${least.toFixed(0)} / ${middle.toFixed(0)}`;
    const part = (figures) => `${times(figures)} (**${(figures.least / ours.least).toFixed(2)}**, ${ratioText(figures)})`;
    const memory = [ours, ...shown.map((side) => peers[side])].map(({ megabytes }) => megabytes.toFixed(0)).join(' / ');
    return `| ${[network, `${videos} x ${questions}`, regions, times(ours), ...shown.map((side) => part(peers[side])), memory].join(' | ')} |`;
  };
  return `| network | videos x questions | regions | ours | ${shown.map((side) => `${columns[side]} | `).join('')}memory |
|---|---|---|---|${'---|'.repeat(shown.length)}---|
${results.map(row).join('\n')}
`;
}

exports.page = (results) => `A training step consists of the forward pass, all losses, the backward pass, clipping and Adam. The networks
have the settings of \`experiments/networks/*.yaml\` without dropout. The table shows the minimum and the median of
all times, in milliseconds. For PyTorch, it also shows, in brackets, two ratios to ours: the **ratio of the minima**, and the ratio of the medians as a range over the rounds.
The last column lists the memory of each program in MB, in the order of the columns. The losses of the first step agree
to 1e-5, those of the next two steps to 1e-3. PyTorch gets each video once per question, and also gets the
mismatched pictures of the match head as input.

${tableOf(results)}`;
