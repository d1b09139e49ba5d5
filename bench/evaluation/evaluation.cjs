// Answering test questions: ours from a feature store at real sizes (tools/bench/feature-store.cjs makes one), the predecessor's network as public code runs it.
const { existsSync, mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { inPython, least, median, python, run, takeTurns, watch } = require('../sides.cjs');

const asked = 128; // of the predecessor in a round; it takes each alone, so the time of one is that of all
exports.title = 'Evaluation';
exports.options = { store: '' };

exports.measure = async ({ store, engine, rounds }) => {
  if (!store) return console.log('evaluation: left out, as no --store=FOLDER is given, where features of real shapes are made and kept');
  await exports.makeStore(store);
  const folder = mkdtempSync(join(tmpdir(), 'tass-bench-'));
  try {
    await run([process.execPath, join(__dirname, '../step/ours.cjs'), 'make', folder, 'bilstm-32x49']);
    const made = await takeTurns(
      {
        ours: () => run([process.execPath, join(__dirname, 'ours.cjs'), store, engine]),
        ...inPython({
          predecessor: () => run([python, join(__dirname, '../step/predecessor.py'), 'evaluate', folder, String(asked), '1']),
        }),
      },
      rounds,
    );
    const sides = Object.fromEntries(
      Object.entries(made).map(([side, all]) => {
        const each = all.map(({ questions, seconds }) => (1000 * seconds) / questions);
        return [side, { least: least(each), median: median(each), megabytes: Math.max(...all.map(({ peakMegabytes }) => peakMegabytes)) }];
      }),
    );
    const result = { questions: made.ours[0].questions, sides };
    console.log(textOf(result));
    return result;
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** Features of real shapes under real video ids, unless a run before has made them to the end. */
exports.makeStore = async (store) => {
  const whole = join(store, 'whole');
  if (existsSync(whole)) return;
  await watch([process.execPath, join(__dirname, '../../tools/bench/feature-store.cjs'), 'make', store]);
  writeFileSync(whole, '');
};

const textOf = ({ questions, sides: { ours, predecessor } }) => {
  const seconds = ({ least }) => ((least * questions) / 1000).toFixed(1);
  const here = `Our program answers ${questions} questions in ${seconds(ours)} s (${ours.megabytes.toFixed(0)} MB)`;
  if (!predecessor) return here;
  return `${here}. At the\npredecessor's rate (${predecessor.megabytes.toFixed(0)} MB), they take ${seconds(predecessor)} s, ${(predecessor.least / ours.least).toFixed(1)} times as long (${(predecessor.median / ours.median).toFixed(1)} by median)`;
};

exports.aims = ({ questions, sides: { ours, predecessor } }) =>
  predecessor
    ? [{ what: `evaluation of ${questions} questions: the predecessor's network`, least: 25, value: predecessor.least / ours.least }]
    : [];

exports.page = (result) =>
  `Both programs answer every question of the test split, and read features of real shapes (49 regions,
BiLSTM) from disk. Our program answers the questions of a video in one batch. The predecessor's network
answers one question at a time, as in its public test; we measured it on ${asked} questions.

${textOf(result)}.
`;
