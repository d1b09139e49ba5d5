import { nearest } from '@tass/program';
import { ANSWERS, answerIndex } from './answers';
import { AnnotationError } from './annotation-error';
import { type Question, fillSlots, isSlot, questionWords } from './question';
import { QUESTION_TYPES } from './question-types';
import { remembering } from './remembering';

const longestText = 10_000; // characters of a value
const longestId = 200; // the name of a file has 255 bytes, endings included

/** How a benchmark's rows differ from those of MUSIC-AVQA. */
export interface RowForm {
  readonly identifiedBy: 'id' | 'position'; // position: question_id may be missing, null, a fraction or repeated; the row's index is the id
  readonly values: 'text' | 'text or list' | 'filled'; // of templ_values; filled: the question needs none
  readonly hasHalf?: boolean; // split is head or tail: whether the row's answer is frequent or rare
}

/**
 * Reads one row in MUSIC-AVQA's form: video_id, question_id, type and templ_values (strings that hold JSON), question_content, anser (sic).
 * Throws AnnotationError with `where` (the file), the row's index, the question id and the key.
 */
export function parseQuestion(row: unknown, index: number, where: string, { identifiedBy, values: form, hasHalf }: RowForm): Question {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) {
    throw new AnnotationError(`${where}: row ${index} is ${shown(row)}, expected an object with the keys of MUSIC-AVQA`);
  }
  const fields = row as Record<string, unknown>;
  const id = fields.question_id;
  const fail = (problem: string): never => {
    throw new AnnotationError(`${where}: row ${index}${id === undefined || id === null ? '' : `, question_id ${shown(id)}`}: ${problem}`);
  };
  const text = (key: string): string => {
    const value = fields[key];
    if (value === undefined) return fail(missing(key, Object.keys(fields)));
    if (typeof value !== 'string' || value.trim() === '') return fail(`${key} is ${shown(value)}, expected a text`);
    if (value.length > longestText) return fail(`${key} has ${value.length} characters, expected at most ${longestText}`);
    return value;
  };
  const jsonTexts = (key: string): readonly string[] => {
    const value = text(key);
    return textsIn(value) ?? fail(`${key} is ${shown(value)}, expected a string that holds a JSON list of texts`);
  };
  const valuesOf = (): readonly string[] => {
    const value = fields.templ_values;
    if (form === 'text' || !Array.isArray(value)) return jsonTexts('templ_values');
    return isTexts(value) ? value : fail(`templ_values is ${shown(value)}, expected a list of texts`);
  };

  if (identifiedBy === 'id') {
    if (id === undefined) fail(missing('question_id', Object.keys(fields)));
    if (!Number.isSafeInteger(id) || (id as number) < 0) fail('question_id is not a whole number from 0');
  }
  const videoId = text('video_id');
  if (!/^[\w#-]+$/.test(videoId))
    fail(`video_id is ${shown(videoId)}, expected letters, digits, _, - and # only (files are named after it)`);
  if (videoId.length > longestId)
    fail(`video_id has ${videoId.length} characters, expected at most ${longestId} (files are named after it)`);

  const typeName = jsonTexts('type').join(' ');
  const type = QUESTION_TYPES.findIndex(({ name }) => name === typeName);
  if (type < 0) fail(`type is ${shown(fields.type)}, not one of the nine: ${QUESTION_TYPES.map(({ name }) => name).join(', ')}`);

  const { words: templateWords, text: template } = templateIn(text('question_content'));
  const values = form === 'filled' && !templateWords.some(isSlot) ? [] : valuesOf();
  if (templateWords.length === 0) fail(`question_content is ${shown(fields.question_content)}, expected at least one word`);
  let words: string[] = [];
  try {
    words = fillSlots(templateWords, values);
  } catch (error) {
    fail(`question_content and templ_values do not fit: ${(error as Error).message}`);
  }

  const deleted = fields.question_deleted;
  if (deleted !== undefined && deleted !== 0 && !(deleted === null && identifiedBy === 'position')) {
    fail(`question_deleted is ${shown(deleted)}, expected 0 as in every published row; take the row out`);
  }
  const half = hasHalf ? text('split') : undefined;
  if (half !== undefined && !isHalf(half)) return fail(`split is ${shown(half)}, expected head or tail`);
  const given = text('anser');
  const answer = answerIndex(given) ?? fail(`anser is ${shown(given)}, not one of the 42 answers.${didYouMean(given)}`);
  const question = { id: identifiedBy === 'id' ? (id as number) : index, videoId, type, text: words.join(' '), words, template, answer };
  return half === undefined ? question : { ...question, frequency: half };
}

const isHalf = (half: string): half is 'head' | 'tail' => half === 'head' || half === 'tail';

const shown = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 120);

const missing = (key: string, present: readonly string[]): string =>
  `key ${key} is missing${key === 'anser' ? ' (MUSIC-AVQA spells it so)' : ''}. Its keys: ${present.join(', ') || 'none'}`;

function didYouMean(given: string): string {
  const known = nearest(given, ANSWERS);
  return known === undefined ? ` Known: ${ANSWERS.join(', ')}` : ` Did you mean ${JSON.stringify(known)}?`;
}

const isTexts = (list: unknown): list is string[] =>
  Array.isArray(list) && list.every((entry) => typeof entry === 'string' && entry !== '');

/** The texts of a JSON list of texts; undefined for anything else. */
const textsIn = remembering((text): readonly string[] | undefined => {
  try {
    const list: unknown = JSON.parse(text);
    return isTexts(list) ? list : undefined;
  } catch {
    return undefined;
  }
});

const templateIn = remembering((content) => {
  const words = questionWords(content);
  return { words, text: words.join(' ') };
});
