import type { Choice } from '@tass/explanation';
import { readOptions, UsageError } from '@tass/program';
import { listOf, splitOf } from './command-line';
import { namedRun, refuseSettings } from './named-run';

/** A request to `evaluator:explain`. */
export interface ExplainCommand {
  readonly run: string; // id, beginning or end of an id, or folder
  readonly other: string | undefined; // a run to show next to it
  readonly split: 'val' | 'test';
  readonly choice: Choice;
  readonly out: string | undefined; // folder; undefined: one of the project's
  readonly overrides: readonly string[]; // of the engine only
}

const USUAL_SAMPLE = 20;
/** A page takes about a megabyte, and the index holds a frame of each. */
const MOST_PAGES = 500;

// prettier-ignore
const OPTIONS = {
  run: 'value', with: 'value', question: 'value', sample: 'value', wrong: 'flag', type: 'value', split: 'value', out: 'path',
} as const;

/** Reads the words after `explain`. Throws UsageError. */
export function parseExplain(words: readonly string[]): ExplainCommand {
  const { options, rest } = readOptions(words, OPTIONS);
  const { question, sample, wrong, type, out } = options;
  const run = namedRun(options.run);
  refuseSettings(
    rest.filter((word) => !word.startsWith('engine.')),
    'is explained',
  );
  const others = (['sample', 'wrong', 'type'] as const).filter((name) => options[name] !== undefined && options[name] !== false);
  if (question !== undefined && others.length > 0)
    throw new UsageError(
      `--question names the questions, so ${others.map((name) => `--${name}`).join(' and ')} cannot choose them as well`,
    );
  return {
    ...{ run, other: options.with, split: splitOf(options.split), out, overrides: rest },
    choice: { ids: question === undefined ? undefined : idsOf(question), types: listOf(type), wrong, most: sampleOf(sample) },
  };
}

function idsOf(text: string): string[] {
  const ids = [...new Set(listOf(text))];
  if (ids.length >= 1 && ids.length <= MOST_PAGES) return ids;
  throw new UsageError(`--question names ${ids.length} questions, expected 1 to ${MOST_PAGES}`);
}

function sampleOf(text = String(USUAL_SAMPLE)): number {
  const sample = Number(text);
  if (/^\d+$/.test(text) && sample >= 1 && sample <= MOST_PAGES) return sample;
  throw new UsageError(`--sample is ${text}, expected a whole number from 1 to ${MOST_PAGES}`);
}
