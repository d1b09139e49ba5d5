// A whole training step on a GPU: ours there and on the CPU, whose losses it is compared with, and PyTorch on the same GPU.
const { cpus } = require('node:os');
const { join } = require('node:path');
const { torchHasCuda, training } = require('../device.cjs');
const { python, tableOf } = require('../sides.cjs');
const { measureSides, summary } = require('./measure-sides.cjs');

exports.title = 'Training step on the GPU';
exports.options = { cases: 'none-32x49,bilstm-64x49,none-64x196' };

const warmUp = 3; // steps whose time does not count, as in ours.cjs

exports.measure = async ({ cases, device, rounds, steps }) => {
  const [onDevice, onCpu] = [training[device], training.cpu];
  const threads = String(cpus().length);
  const withTorch = torchHasCuda(python);
  const peersOf = ({ here, peer }) => ({
    cpu: () => here(onCpu.engine, onCpu.env),
    ...(withTorch ? { torch: () => peer(join(__dirname, 'peer.py'), { env: { BENCH_DEVICE: 'cuda' } }) } : {}),
  });
  const results = [];
  for (const name of cases.split(',')) {
    const made = await measureSides(name, onDevice.engine, peersOf, { rounds, steps, threads, env: onDevice.env, gpu: true });
    const [losses, expected] = [made.ours[0].losses, made.cpu[0].losses];
    const difference = Math.max(...losses.map((loss, step) => Math.abs(loss - expected[step]) / Math.abs(expected[step])));
    const sides = Object.fromEntries(Object.entries(made).map(([side, all]) => [side, summary(all)]));
    results.push({ name, difference, losses: losses.length, threads, sides });
    console.log(lineOf(results.at(-1)));
  }
  return results;
};

function lineOf({ name, difference, losses, sides: { ours, cpu, torch } }) {
  const parts = [
    `ours ${milliseconds(ours)} on ${ours.device}`,
    `on the CPU ${milliseconds(cpu)}`,
    ...(torch ? [`PyTorch ${milliseconds(torch)}`] : []),
  ];
  return `${name}: ${parts.join(', ')}; ${losses} losses differ by ${difference.toPrecision(2)} at most`;
}

const milliseconds = ({ least, median }) => `${least.toFixed(1)} / ${median.toFixed(1)}`;
const memory = ({ megabytes, gpuMegabytes }) =>
  `${megabytes.toFixed(0)} + ${gpuMegabytes === undefined ? 'unknown' : gpuMegabytes.toFixed(0)}`;

exports.page = (results) => {
  const [{ losses, threads, sides }] = results;
  const head = ['case', 'difference of losses', 'GPU', 'CPU', 'memory', ...(sides.torch ? ['PyTorch, same GPU', 'its memory'] : [])];
  const rows = results.map(({ name, difference, sides: { ours, cpu, torch } }) => {
    const ofTorch = torch ? [milliseconds(torch), memory(torch)] : [];
    return [name, difference.toPrecision(2), milliseconds(ours), milliseconds(cpu), memory(ours), ...ofTorch];
  });
  const torch = sides.torch ? 'PyTorch is ordinary PyTorch in float32.' : 'There is no PyTorch with CUDA here.';
  return `Ours ran on ${sides.ours.device}, and on ${sides.cpu.device} with ${threads} threads. ${torch}
A case is the temporal context or another network, videos and regions. A step is forward, all losses, backward
and Adam, with width 512 and 10 segments. Times are in milliseconds: minimum / median of the steps after the
first ${warmUp}. The difference is the largest between the losses of ${losses} steps on the GPU and on the CPU, as a share
of the CPU's. Memory is in MB: of the process + of the GPU, as the increase over what was in use before.

${tableOf(head, rows)}
`;
};
