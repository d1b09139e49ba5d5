// Frames on the disk to stored patch features, with tools/bench/encode.cjs, which has the peer: Pillow, transformers and PyTorch.
const { mkdtempSync, readFileSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { python, watch } = require('../sides.cjs');

exports.title = 'Encoding';
exports.options = { frames: '' };

exports.measure = async ({ frames, rounds }) => {
  if (!frames)
    return console.log('encoding: left out, as no --frames=FOLDER is given, where frames and a CLIP of random weights are made and kept');
  if (!python) return console.log('encoding: left out, as TASS_PYTHON names no Python, in which a CLIP of random weights is made');
  const scratch = mkdtempSync(join(tmpdir(), 'tass-bench-'));
  try {
    const out = join(scratch, 'encode.json');
    const program = join(__dirname, '../../tools/bench/encode.cjs');
    await watch([process.execPath, program, `--folder=${frames}`, `--rounds=${rounds}`, `--out=${out}`]);
    const { summary, difference } = JSON.parse(readFileSync(out, 'utf8'));
    console.log(textOf(summary));
    return { ...summary, difference };
  } finally {
    rmSync(scratch, { recursive: true });
  }
};

const textOf = ({ ours, peer }) => {
  const times = (pick) => (ours.imagesPerSecond[pick] / peer.imagesPerSecond[pick]).toFixed(2);
  const side = ({ imagesPerSecond, peakMegabytes }) =>
    `${imagesPerSecond.best.toFixed(1)} images a second (${peakMegabytes.toFixed(0)} MB)`;
  return `Ours encodes ${side(ours)}, the peer ${side(peer)}:\n${times('best')} times as many by the best round, ${times('median')} by the median`;
};

exports.page = (summary) =>
  `Both programs turn JPEG frames of 1280 x 720 on disk into stored CLIP ViT-B/32 patches. Our program is
\`features:prepare\` with two workers of one thread each. The peer program is a script that uses Pillow,
transformers and PyTorch with two threads.

${textOf(summary)}.
`;
