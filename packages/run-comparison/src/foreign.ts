import { basename, relative } from 'node:path';
import { readAnswerOrder, readForeignPredictions } from '@tass/evaluation';
import type { BoardMethod } from './board';
import { isOwnPredictions, readOwnPredictions } from './own-predictions';
import { markAnswers, type Page } from './page';
import type { ForeignMethod } from './request';

/**
 * Methods from predictions files of other programs, one for each name. `say` receives one line for each file: how it was read. Throws
 * PredictionError.
 */
export function foreignMethods(predictions: readonly ForeignMethod[], page: Page, say: (line: string) => void): BoardMethod[] {
  const names = [...new Set(predictions.map(({ name }) => name))];
  return names.map((name) => ({
    id: `predictions:${name}`,
    name,
    experiment: 'predictions',
    identity: null,
    overrides: [],
    runs: predictions
      .filter((method) => method.name === name)
      .map((method) => {
        const answers = answersOf(method, page, say);
        return {
          seed: null,
          answers,
          right: markAnswers(answers, page.questions),
          grounding: null,
          row: { id: shownPath(method.file), ...NOT_KNOWN },
          use: null,
        };
      }),
  }));
}

const NOT_KNOWN = {
  ...{ seed: null, code: null, engine: null, epoch: null, curve: [], attention: null, calibration: null, folder: null },
  cost: { parameters: null, trainingSeconds: null, peakMegabytes: null },
} as const;

/** Answers [page.questions], indices in ANSWERS. */
function answersOf(
  { file, reading: { answers, ...reading } }: ForeignMethod,
  { asked, questions }: Page,
  say: (line: string) => void,
): Uint8Array {
  const { identifiedBy: matchBy, ids } = asked;
  if (matchBy === 'position' && isOwnPredictions(file)) {
    say(`${file}: predictions of this project, matched by "questionId", the position of the row`);
    return readOwnPredictions(file, asked.questions, questions);
  }
  const order = answers === undefined ? undefined : readAnswerOrder(answers);
  const options = { ...reading, order, matchBy, withoutId: ids.missing, repeatedIds: ids.repeated };
  const found = readForeignPredictions(file, asked.questions, options);
  say(found.reading);
  const at = new Map(asked.questions.map(({ id }, index) => [id, index]));
  return Uint8Array.from(questions, ({ id }) => found.answers[at.get(id)!]);
}

/** Pages are shared, so only the name of a file elsewhere on the machine is shown. */
function shownPath(file: string): string {
  const path = relative('', file);
  return path.startsWith('..') ? basename(file) : path;
}
