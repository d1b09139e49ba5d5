// How time and memory of a training step grow with one size while the others stay, and the power that fits: time ~ size ^ power.
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { makeStore } = require('../evaluation/evaluation.cjs');
const { least, run } = require('../sides.cjs');

const ours = join(__dirname, '../step/ours.cjs');
const base = { videos: 16, perVideo: 1, regions: 49, time: 10 };
const curves = {
  videos: [8, 16, 32, 64, 128],
  perVideo: [1, 2, 4, 8, 16],
  regions: [12, 24, 49, 98, 196, 392],
  time: [5, 10, 20, 40, 60],
};

exports.title = 'Growth';
exports.options = { context: 'none' };

exports.measure = async ({ engine, context, store, steps }) => {
  if (store) await makeStore(store);
  const results = {};
  for (const [size, values] of Object.entries(curves)) {
    results[size] = [];
    for (const value of values) results[size].push({ value, ...(await measureOne({ ...base, [size]: value }, context, steps, engine)) });
    console.log(
      `growth with ${size}: ${results[size].map(({ value, milliseconds }) => `${value}: ${milliseconds.toFixed(0)} ms`).join(', ')}`,
    );
  }
  if (store) results.dataset = await evaluations(store, engine);
  return results;
};

/** Answering the test questions of more and more videos. */
async function evaluations(store, engine) {
  const points = [];
  for (const value of [400, 800, 1600, 3200, 6400]) {
    const { seconds, peakMegabytes } = await run([
      process.execPath,
      join(__dirname, '../evaluation/ours.cjs'),
      store,
      engine,
      String(value),
    ]);
    points.push({ value, milliseconds: 1000 * seconds, megabytes: peakMegabytes });
  }
  console.log(
    `growth with videos answered: ${points.map(({ value, milliseconds }) => `${value}: ${milliseconds.toFixed(0)} ms`).join(', ')}`,
  );
  return points;
}

async function measureOne({ videos, perVideo, regions, time }, context, steps, engine) {
  const folder = mkdtempSync(join(tmpdir(), 'tass-bench-'));
  try {
    await run([process.execPath, ours, 'make', folder, `${context}-${videos}x${regions}x${time}x${perVideo}`]);
    const { milliseconds, peakMegabytes } = await run([process.execPath, ours, 'run', folder, String(steps), engine]);
    return { milliseconds: least(milliseconds), megabytes: peakMegabytes };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The slope of the logarithms, over the upper half of the sizes. */
function power(points, figure) {
  const [from, to] = [points[points.length >> 1], points.at(-1)];
  return Math.log(figure(to) / figure(from)) / Math.log(to.value / from.value);
}

exports.page = (results) => {
  const names = {
    videos: 'videos per batch',
    perVideo: 'questions per video',
    regions: 'regions',
    time: 'segments',
    dataset: 'videos whose test questions are answered',
  };
  const row = ([size, points]) => {
    const all = points.map(({ value, milliseconds, megabytes }) => `${value}: ${milliseconds.toFixed(0)} ms, ${megabytes.toFixed(0)} MB`);
    const powers = [power(points, ({ milliseconds }) => milliseconds), power(points, ({ megabytes }) => megabytes)];
    return `| ${names[size]} | ${all.join('; ')} | ${powers.map((value) => value.toFixed(2)).join(' | ')} |`;
  };
  return `In each row one size of our training step grows. The others stay at ${base.videos} videos, ${base.perVideo} question per
video, ${base.regions} regions and ${base.time} segments, without context. The last row evaluates an increasing number
of videos with features of real shapes from disk (\`--store\`, BiLSTM). Figures are the minimum time and
the maximum memory of the process, and the exponent with which each grows over the upper half of the
curve (1 is linear).

| size | time and memory | exponent of time | exponent of memory |
|---|---|---|---|
${Object.entries(results).map(row).join('\n')}
`;
};
