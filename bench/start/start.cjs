// From the start of the process to the first training step, features ready: the trainer's parts here; Hydra, MLflow and PyTorch there.
const { join } = require('node:path');
const { makeProjectWithData, sizesOf } = require('../project.cjs');
const { inPython, least, median, python, run, takeTurns } = require('../sides.cjs');

exports.title = 'Start';
exports.options = {};

exports.measure = async ({ project, videos, engine, rounds }) => {
  await makeProjectWithData(project, videos);
  const made = await takeTurns(
    {
      ours: () => run([process.execPath, join(__dirname, 'ours.cjs'), engine, ...sizesOf(videos)], { cwd: project }),
      ...inPython({ peer: () => run([python, join(__dirname, 'peer.py')]) }),
    },
    2 * rounds, // which are short
  );
  const of = (all) => ({ least: least(all.map(({ firstLineMilliseconds }) => firstLineMilliseconds)), median: median(all.map(({ firstLineMilliseconds }) => firstLineMilliseconds)) }); // prettier-ignore
  const result = Object.fromEntries(Object.entries(made).map(([side, all]) => [side, of(all)]));
  console.log(textOf(result));
  return result;
};

const textOf = ({ ours, peer }) => {
  const seconds = ({ least, median }) => `${(least / 1000).toFixed(2)} s (median ${(median / 1000).toFixed(2)})`;
  return `ours ${seconds(ours)}${peer ? `, peer ${seconds(peer)}` : ''}`;
};

exports.aims = ({ ours }) => [{ what: 'start to the end of the first step, seconds', most: 1.5, value: ours.least / 1000 }];

exports.page = (result) =>
  `We measured the time from the start of the process to the end of its first training step, without Nx,
with the data and features of \`--exp=tass-small\` ready:
${textOf(result)}.
The peer program composes its configuration with Hydra, starts an MLflow run in a local file, and trains the
same network in plain PyTorch on random features of the same sizes.
`;
