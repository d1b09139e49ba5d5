import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Question } from '@tass/dataset-music-avqa';
import {
  compareMethods,
  fitPrior,
  formatTable,
  markCorrect,
  readPredictions,
  scoreByType,
  scoreColumns,
  scoreTemplates,
  toRecords,
  writePredictions,
} from './index';

it('runs the example of the README', () => {
  const folder = mkdtempSync(join(tmpdir(), 'evaluation-'));
  try {
    const file = join(folder, 'predictions.jsonl');
    const question = (id: number, answer: number): Question => ({
      id,
      answer,
      videoId: `v${id}`,
      type: id % 9,
      template: 't',
      text: 't',
      words: ['t'],
    });
    const val = [0, 1, 2].map((id) => question(id, 4)); // always "no"
    const test = Array.from({ length: 18 }, (_, id) => question(100 + id, id % 2 === 0 ? 4 : 7)); // "no" and "yes" in turn
    writePredictions(
      file,
      toRecords(
        test,
        Float32Array.from({ length: 18 * 42 }, (_, at) => (at % 42 === test[Math.floor(at / 42)].answer ? 1 : 0)),
      ),
    );

    const predictions = readPredictions(file, test);
    const score = scoreByType(predictions, test);
    const prior = fitPrior(val, 'template');
    const floor = scoreByType(prior.predictAll(test), test);
    const table = formatTable(
      [
        { name: prior.name, scores: [floor] },
        { name: 'TASS', scores: [score] },
      ],
      'markdown',
    );
    expect(table.split('\n').slice(3)).toEqual([
      expect.stringMatching(/per template .* 50\.00 \|$/),
      expect.stringMatching(/TASS .* 100\.00 \|$/),
    ]);
    const right = [prior.predictAll(test), predictions].map((answers) => Uint8Array.from(markCorrect(answers, test)));
    const methods = [
      { id: prior.name, runs: [{ seed: null, right: right[0] }] },
      { id: 'TASS', runs: [{ seed: 1, right: right[1] }] },
    ];
    const columns = scoreColumns(test, { train: val });
    const [, tass] = compareMethods(methods, prior.name, test, columns, { seed: 1, resamples: 50 });
    expect(tass.against?.All).toMatchObject({ difference: 50, mcnemar: [2 / 2 ** 9] });
    expect(scoreTemplates(predictions, test, prior)).toHaveLength(9); // one template, nine types
  } finally {
    rmSync(folder, { recursive: true });
  }
});
