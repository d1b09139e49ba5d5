import { basename, relative } from 'node:path';
import { readAnswerOrder, readForeignPredictions } from '@tass/evaluation';
import type { BoardMethod } from './board';
import { markAnswers, type Page } from './page';
import type { ForeignMethod } from './request';

/** Methods from predictions files of other programs, one a name. `say` is given one line a file: what was read in it. Throws PredictionError. */
export function foreignMethods(predictions: readonly ForeignMethod[], { questions }: Page, say: (line: string) => void): BoardMethod[] {
  const answersOf = ({ file, reading: { answers, ...reading } }: ForeignMethod): Uint8Array => {
    const order = answers === undefined ? undefined : readAnswerOrder(answers);
    const found = readForeignPredictions(file, questions, { ...reading, order });
    say(found.reading);
    return found.answers;
  };
  const names = [...new Set(predictions.map(({ name }) => name))];
  return names.map((name) => ({
    id: `predictions:${name}`,
    name,
    experiment: 'predictions',
    identity: null,
    overrides: [],
    runs: predictions
      .filter((method) => method.name === name)
      .map((method) => ({
        seed: null,
        right: markAnswers(answersOf(method), questions),
        row: { id: shownPath(method.file), seed: null, code: null, engine: null, epoch: null, curve: [], attention: null },
      })),
  }));
}

/** Pages are passed on: of a file elsewhere on the machine only the name. */
function shownPath(file: string): string {
  const path = relative('', file);
  return path.startsWith('..') ? basename(file) : path;
}
