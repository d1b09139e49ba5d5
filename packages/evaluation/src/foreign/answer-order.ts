import { ANSWERS } from '@tass/dataset-music-avqa';
import { PredictionError } from '../match-predictions';
import { plain, wholeNumber } from './values';
import { JsonError, jsonItems, parseValue } from './json-items';
import { readUtf8 } from './text-file';
import { listed, shown } from './wording';

/** An order of the 42 answers, which gives indices in a predictions file their meaning. */
export interface AnswerOrder {
  readonly name: string;
  readonly answers: readonly string[]; // each of ANSWERS once
}

/** Of v2.0's public code (QA-TIGER's answer2idx.json for MUSIC-AVQA v2.0); the official lists of v2.0 name no order. */
// prettier-ignore
const VERSION_2: readonly string[] = [
  'three', 'no', 'two', 'yes', 'xylophone', 'piano', 'indoor', 'zero', 'saxophone', 'flute', 'cello', 'trumpet', 'left', 'six', 'congas',
  'simultaneously', 'drum', 'four', 'guzheng', 'right', 'middle', 'bassoon', 'one', 'outdoor', 'seven', 'electric_bass', 'ukulele', 'banjo',
  'violin', 'suona', 'tuba', 'acoustic_guitar', 'more than ten', 'accordion', 'erhu', 'clarinet', 'pipa', 'ten', 'five', 'nine', 'bagpipe',
  'eight',
];

/** The orders in use, by name instead of a file. */
export const KNOWN_ORDERS: readonly AnswerOrder[] = [
  { name: 'official', answers: ANSWERS },
  { name: 'v2.0', answers: VERSION_2 },
];

/**
 * The order of answers for the indices in a predictions file: the name of a known one, `official` or `v2.0`, or a file with a JSON list
 * of the 42, a JSON map from answer to index or from index to answer (also below one key, as `ans2ix`), or a text with one answer a line.
 * Throws PredictionError unless it has each of the 42 once.
 */
export function readAnswerOrder(file: string): AnswerOrder {
  const known = KNOWN_ORDERS.find(({ name }) => name === file);
  if (known) return known;
  const text = readUtf8(file).toString();
  const given = /^\s*[[{]/.test(text) ? orderFromJson(file, text) : text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const official = new Map(ANSWERS.map((answer) => [plain(answer), answer]));
  const order = given.map((answer) => official.get(plain(answer)));
  const unknown = given.filter((_, at) => order[at] === undefined);
  const absent = ANSWERS.filter((answer) => !order.includes(answer));
  const mistakes = [
    ...unknown.map((answer) => `${shown(answer)} is not one of the 42 answers`),
    ...absent.map((answer) => `"${answer}" is missing`),
    ...(order.length > ANSWERS.length && unknown.length === 0 ? [`there are ${order.length} answers, expected each of the 42 once`] : []),
  ];
  if (mistakes.length > 0) throw new PredictionError(listed(file, mistakes));
  return { name: file, answers: order as string[] };
}

function orderFromJson(file: string, text: string): string[] {
  try {
    const inner = /^\s*\{\s*"[^"\\]*"\s*:\s*(?=\{)/.exec(text)?.[0].length;
    const map = inner === undefined ? text : text.slice(inner, text.indexOf('}', inner) + 1);
    const items = Array.from(jsonItems(map), (item) => ({ key: item.key, value: parseValue(map, item) }));
    return map.trimStart().startsWith('[') ? items.map(({ value }) => String(value)) : byIndex(file, items);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new PredictionError(`${file}: is not JSON: ${error.message}`, { cause: error });
  }
}

function byIndex(file: string, items: readonly { readonly key?: string; readonly value: unknown }[]): string[] {
  const isFromIndex = items.every(({ key }) => wholeNumber(key) !== undefined);
  const pairs = items.map(({ key = '', value }) =>
    isFromIndex ? ([wholeNumber(key), String(value)] as const) : ([wholeNumber(value), key] as const),
  );
  const sorted = [...pairs].sort(([a], [b]) => (a ?? -1) - (b ?? -1));
  const wrong = sorted.find(([index], at) => index !== at);
  if (wrong) throw new PredictionError(`${file}: "${wrong[1]}" has the index ${wrong[0]}, expected 0 to ${pairs.length - 1}, each once`);
  return sorted.map(([, answer]) => answer);
}
