import { join } from 'node:path';
import { Vocabulary, batchLabels, batchWords, holdOut, planBatches, readSplit, seededRandom } from './index';

it('runs the example of the README', () => {
  const { questions, release } = readSplit(join(__dirname, '../fixtures'), 'val');
  const { kept, heldOut } = holdOut(questions, { share: 0.3, seed: 0 });
  const vocabulary = Vocabulary.fromQuestions(kept);
  const { batches, fill } = planBatches(kept, { questionsPerBatch: 64, questionsPerVideo: 4, random: seededRandom(1) });
  const { answers, mask, types } = batchLabels(batches[0], kept);
  const { words, wordMask } = batchWords(batches[0], kept, vocabulary);

  expect([release.kind, kept.length + heldOut.length, batches.length]).toEqual(['unknown', 6, 1]);
  const slots = batches[0].videoIds.length * batches[0].questionsPerVideo;
  expect([answers, mask, types].map(({ length }) => length)).toEqual([slots, slots, slots]);
  expect([words.length, wordMask.length]).toEqual([slots * 14, slots * 14]);
  expect(fill).toBeCloseTo(kept.length / slots, 12);
});
