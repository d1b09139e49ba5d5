// Drawing the embedded world: scenes, frames, sounds and balanced questions. There is no comparable program.
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { least, median, run, takeTurns } = require('../sides.cjs');

exports.title = 'Embedded world';
exports.options = { drawn: '200' }; // videos

exports.measure = async ({ drawn, rounds }) => {
  const made = await takeTurns({ 1: () => make(drawn, 1), 2: () => make(drawn, 2) }, rounds);
  const seconds = (all) => all.map(({ wholeMilliseconds }) => wholeMilliseconds / 1000);
  const result = Object.entries(made).map(([workers, all]) => ({
    ...{ drawn, workers, questions: all[0].questions, least: least(seconds(all)), median: median(seconds(all)) },
    megabytes: Math.max(...all.map(({ peakMegabytes }) => peakMegabytes)),
  }));
  console.log(result.map(lineOf).join('\n'));
  return result;
};

async function make(drawn, workers) {
  const folder = mkdtempSync(join(tmpdir(), 'tass-bench-'));
  try {
    const { questions, ...watched } = await run([process.execPath, join(__dirname, 'ours.cjs'), folder, String(drawn), String(workers)]);
    return { ...watched, questions: typeof questions === 'number' ? questions : Object.values(questions).reduce((a, b) => a + b) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const lineOf = ({ drawn, workers, questions, least, median, megabytes }) =>
  `${workers} worker${workers === '1' ? '' : 's'}: ${least.toFixed(1)} s (median ${median.toFixed(1)}), ${((1000 * least) / drawn).toFixed(0)} ms per video, ${megabytes.toFixed(0)} MB; ${questions} questions`;

exports.page = (result) =>
  `We measured the time to generate ${result[0].drawn} videos, each with ten frames and ten seconds of sound, and their
questions in an empty folder. We know no comparable program. The figures give the memory of the first process.

${result.map((each) => `- ${lineOf(each)}`).join('\n')}
`;
