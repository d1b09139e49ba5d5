// A whole training step, here and in PyTorch: as it is usually written, given our rewrites, and the predecessor's network.
const { join } = require('node:path');
const { inPython, keepingAllocator } = require('../sides.cjs');
const { measureSides, summary } = require('./measure-sides.cjs');

const columns = {
  tensorflow: 'engine tensorflow',
  wasm: 'engine wasm',
  plain: 'PyTorch, plain',
  keeping: 'PyTorch, plain, allocator keeps memory',
  rewritten: 'PyTorch, our rewrites, fused Adam',
  predecessor: "the predecessor's network",
};

exports.title = 'Training step';
exports.options = { cases: 'none-32x49,bilstm-32x49,none-64x49,none-32x196' };

const aimed = { name: 'none-32x49', times: { wasm: 4, plain: 3, predecessor: 2, tensorflow: 1, rewritten: 0.95 } };

exports.measure = async ({ cases, engine, besides, rounds, steps }) => {
  const results = [];
  const others = besides.split(',').filter((other) => other !== '');
  for (const name of cases.split(',')) results.push(await measureCase(name, engine, others, rounds, steps));
  return results;
};

async function measureCase(name, engine, otherEngines, rounds, steps) {
  const peers = ({ here, peer }) => ({
    ...Object.fromEntries(otherEngines.map((other) => [other, () => here(other)])),
    ...inPython({
      plain: () => peer(join(__dirname, 'peer.py')),
      keeping: () => peer(join(__dirname, 'peer.py'), { env: keepingAllocator }),
      rewritten: () => peer(join(__dirname, 'peer_rewritten.py')),
      predecessor: () => peer(join(__dirname, 'predecessor.py'), { command: ['step'] }),
    }),
  });
  const made = await measureSides(name, engine, peers, { rounds, steps });
  const result = { name, sides: Object.fromEntries(Object.entries(made).map(([side, all]) => [side, summary(all)])) };
  console.log(lineOf(result));
  return result;
}

function lineOf({ name, sides: { ours, ...others } }) {
  const parts = Object.entries(others).map(
    ([side, figures]) => `${side} ${figures.least.toFixed(0)} (${(figures.least / ours.least).toFixed(2)}x)`,
  );
  return `${name.padEnd(15)} least: ours ${ours.least.toFixed(0)} ms, ${parts.join(', ')}`;
}

exports.aims = (results) => {
  const { sides: { ours, ...others } = {} } = results.find(({ name }) => name === aimed.name) ?? {};
  return Object.entries(aimed.times)
    .filter(([side]) => others[side])
    .map(([side, least]) => ({ what: `step ${aimed.name}: ${columns[side]}`, least, value: others[side].least / ours.least }));
};

exports.page = (results) => {
  const shown = Object.keys(columns).filter((side) => side in results[0].sides);
  const row = ({ name, sides: { ours, ...others } }) => {
    const part = ({ least, median }) =>
      `${least.toFixed(0)} (**${(least / ours.least).toFixed(2)}**, ${(median / ours.median).toFixed(2)})`;
    const memory = [ours, ...shown.map((side) => others[side])].map(({ megabytes }) => megabytes.toFixed(0)).join(' / ');
    const [context, questions, regions] = name.split(/[-x]/);
    return `| ${[context, questions, regions, `${ours.least.toFixed(0)} / ${ours.median.toFixed(0)}`, ...shown.map((side) => part(others[side])), memory].join(' | ')} |`;
  };
  return `A training step consists of the forward pass, all losses, the backward pass and Adam. The network has
width 512, 10 segments, one video per question and the match head. All times are in milliseconds. For our program, the table
shows the minimum and the median. For the other programs, the table shows the minimum and, in brackets, two ratios to ours: the **ratio of the
minima** and the ratio of the medians. The last column lists the memory of each program in MB, in the order of the columns.
All programs except the predecessor's network compute the same losses from the same parameters, with differences of at most 1e-3.

| context | questions | regions | ours | ${shown.map((side) => columns[side]).join(' | ')} | memory |
|---|---|---|---|${'---|'.repeat(shown.length)}---|
${results.map(row).join('\n')}
`;
};
