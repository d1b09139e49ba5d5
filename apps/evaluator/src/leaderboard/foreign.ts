import { basename, relative } from 'node:path';
import { readAnswerOrder, readForeignPredictions } from '@tass/evaluation';
import type { BoardMethod } from './board';
import { markAnswers, type Page } from './page';
import type { ForeignMethod } from './request';

/** Methods from predictions files of other programs, one a name. Throws PredictionError. */
export function foreignMethods(predictions: readonly ForeignMethod[], answers: string | undefined, { questions }: Page): BoardMethod[] {
  const order = answers === undefined ? undefined : readAnswerOrder(answers);
  const names = [...new Set(predictions.map(({ name }) => name))];
  return names.map((name) => ({
    id: `predictions:${name}`,
    name,
    experiment: 'predictions',
    identity: null,
    overrides: [],
    runs: predictions
      .filter((method) => method.name === name)
      .map(({ file }) => ({
        seed: null,
        right: markAnswers(readForeignPredictions(file, questions, order), questions),
        row: { id: shownPath(file), seed: null, code: null, engine: null, epoch: null, curve: [], attention: null },
      })),
  }));
}

/** Pages are passed on: of a file elsewhere on the machine only the name. */
function shownPath(file: string): string {
  const path = relative('', file);
  return path.startsWith('..') ? basename(file) : path;
}
