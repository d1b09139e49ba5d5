// Frames on the disk to stored patch features on a GPU, with tools/bench/encode.cjs: ours there and on the CPU, and PyTorch on the same GPU.
const { mkdtempSync, readFileSync, rmSync } = require('node:fs');
const { cpus, tmpdir } = require('node:os');
const { join } = require('node:path');
const { torchHasCuda } = require('../device.cjs');
const { python, tableOf, watch } = require('../sides.cjs');

exports.title = 'Encoding on the GPU';
exports.options = { frames: '', clip: '', images: '1280', size: '1280x720' };

exports.measure = async ({ frames, clip, images, size, device, rounds }) => {
  if (!clip && !python) {
    const remedy = 'Give --clip=FOLDER of a CLIP with its onnx files, or TASS_PYTHON, in which one of random weights is made';
    return console.log(`encoding: left out, as there is no CLIP. ${remedy}`);
  }
  const scratch = mkdtempSync(join(tmpdir(), 'tass-bench-'));
  try {
    const out = join(scratch, 'encode.json');
    const sides = ['ours', 'cpu', ...(!clip && torchHasCuda(python) ? ['peer'] : [])];
    const words = {
      folder: frames || scratch,
      rounds,
      device,
      images,
      size,
      sides: sides.join(),
      workers: workers(),
      out,
      ...(clip ? { model: clip } : {}),
    };
    const program = join(__dirname, '../../tools/bench/encode.cjs');
    await watch([process.execPath, program, ...Object.entries(words).map(([name, value]) => `--${name}=${value}`)]);
    const { summary, computedBy, difference } = JSON.parse(readFileSync(out, 'utf8'));
    const result = { sides: summary, computedBy, difference, clip: clip ? 'the CLIP given' : 'CLIP ViT-B/32', size, workers: workers() };
    console.log(Object.entries(summary).map(([side, { imagesPerSecond }]) => `${side} ${imagesPerSecond.best.toFixed(1)} images a second`).join(', ')); // prettier-ignore
    return result;
  } finally {
    rmSync(scratch, { recursive: true });
  }
};

/** Processes that decode for one GPU, each with the model in its memory; the frames are four shards. */
const workers = () => Math.min(4, Math.max(2, cpus().length));

const names = { ours: 'ours, on the GPU', cpu: 'ours, on the CPU', peer: 'PyTorch, on the same GPU' };
const share = ({ absolute, greatest }) => (absolute / greatest).toPrecision(2);

exports.page = ({ sides, computedBy, difference, clip, size, workers: processes }) => {
  const { device, provider, nodes, difference: checked } = computedBy;
  const rows = Object.entries(sides).map(([side, { imagesPerSecond, loadingSeconds, peakMegabytes, gpuMegabytes }]) => [
    ...[names[side], `${imagesPerSecond.best.toFixed(1)} / ${imagesPerSecond.median.toFixed(1)}`, loadingSeconds.least.toFixed(1)],
    `${peakMegabytes.toFixed(0)} + ${gpuMegabytes === undefined ? 'unknown' : gpuMegabytes.toFixed(0)}`,
  ]);
  const counts = Object.entries(nodes).map(([name, count]) => `${count} on ${name}`).join(', '); // prettier-ignore
  return `This turns JPEG frames of ${size} on disk into stored patches of ${clip}, in ${processes} processes. The GPU is
${device}, by ${provider}; nodes of the model: ${counts}. Features differ from the CPU's by
${checked.toPrecision(2)} of the greatest value in the self-check, and by ${share(difference)} in one video as stored, in float16.
Memory is in MB: of all processes + of the GPU, as the increase over what was in use before.

${tableOf(['side', 'images a second, best / median', 'a run with one frame a video, seconds', 'memory'], rows)}
`;
};
