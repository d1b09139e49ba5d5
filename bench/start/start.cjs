// From the start of the process to the first training step, features ready: the trainer's parts here; Hydra, MLflow and PyTorch there.
const { join } = require('node:path');
const { least, median, python, run, takeTurns } = require('../sides.cjs');

exports.title = 'Start';
exports.options = { project: '' };

exports.measure = async ({ project, rounds }) => {
  if (!project)
    return console.log('start: left out, as no --project=FOLDER is given, a project folder in which --exp=tass-small was trained');
  const made = await takeTurns(
    {
      ours: () => run([process.execPath, join(__dirname, 'ours.cjs')], { cwd: project }),
      peer: () => run([python, join(__dirname, 'peer.py')]),
    },
    Math.max(rounds, 5),
  );
  const of = (all) => ({ least: least(all.map(({ firstLineMilliseconds }) => firstLineMilliseconds)), median: median(all.map(({ firstLineMilliseconds }) => firstLineMilliseconds)) }); // prettier-ignore
  const result = { ours: of(made.ours), peer: of(made.peer) };
  console.log(textOf(result));
  return result;
};

const textOf = ({ ours, peer }) =>
  `${(ours.least / 1000).toFixed(2)} s here at least (median ${(ours.median / 1000).toFixed(2)}), ${(peer.least / 1000).toFixed(2)} s there (${(peer.median / 1000).toFixed(2)})`;

exports.page = (result) =>
  `From the start of the process to the end of its first training step, on the embedded world with its features ready (Nx apart): ${textOf(result)}.
There: Hydra's compose, a run begun in MLflow on a local file, the same network in plain PyTorch on random features of the same sizes.
`;
