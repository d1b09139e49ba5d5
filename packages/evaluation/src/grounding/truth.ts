import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mostBytes, readJson } from '@tass/files';

/** Shares of the frame: 0 is its left and its top edge. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly sounding?: boolean; // what is in it sounds in this segment
}

/** Where and when the answer of a question is to be found. docs/grounding.md */
export interface Truth {
  readonly boxes?: readonly (readonly Box[])[]; // [segments], of what the question names
  readonly sounding?: readonly boolean[]; // [segments], what is asked about sounds
  readonly moving?: readonly boolean[]; // [segments], what is asked about is seen to move
  readonly needed?: readonly boolean[]; // [segments], those that the answer needs
}

/** A file of truth, by question id. */
export interface TruthFile {
  readonly file: string;
  readonly sha256: string; // of its questions as compact JSON
  readonly truths: ReadonlyMap<number, Truth>;
  readonly isChecked: boolean; // false: its annotations are unknown, and questions are matched by id alone
}

/** A file of truth that cannot be used; the message names the file, the question, the key and what to do. */
export class TruthError extends Error {
  override readonly name = 'TruthError';
}

export const truthName = (split: 'val' | 'test'): string => `grounding-${split}.json`;

/** The file of truth next to an annotation file; undefined without one. */
export function findTruth(annotations: string, split: 'val' | 'test'): string | undefined {
  const file = join(dirname(annotations), truthName(split));
  return existsSync(file) ? file : undefined;
}

/**
 * Reads a file of truth (docs/grounding.md). `annotations`: the sha256 of the annotation file if known, compared with the one that the file names.
 * Throws TruthError for a damaged file, one of other annotations, and for what is not as the format has it.
 */
export function readTruth(file: string, annotations: string | undefined): TruthFile {
  const refuse = (problem: string): never => {
    throw new TruthError(`${file}: ${problem}. Make the file again, or remove it: without it, grounding is not compared with the truth`);
  };
  let content: { annotations?: unknown; sha256?: unknown; questions?: Record<string, Record<string, unknown>> } | null;
  try {
    content = readJson(file, mostBytes.record);
  } catch (error) {
    return refuse(`cannot be read (${(error as Error).message})`);
  }
  const { questions } = content ?? {};
  if (!isRecord(questions)) return refuse('it has no questions, expected an object by question id');
  const own = sha256(JSON.stringify(questions));
  if (content!.sha256 !== undefined && content!.sha256 !== own)
    return refuse('its questions are not those of its sha256, the file is damaged');
  if (annotations !== undefined && content!.annotations !== undefined && content!.annotations !== annotations)
    return refuse(
      `it is of other annotations (sha256 ${String(content!.annotations).slice(0, 12)}, those here ${annotations.slice(0, 12)})`,
    );
  const truths = Object.entries(questions).map(([id, truth]) => {
    if (!/^\d+$/.test(id)) refuse(`"${id}" is not a question id`);
    return [Number(id), parseTruth(truth, (problem) => refuse(`question ${id}: ${problem}`))] as const;
  });
  const isChecked = annotations !== undefined && content!.annotations !== undefined;
  return { file, sha256: own, truths: new Map(truths), isChecked };
}

const KEYS = ['boxes', 'sounding', 'moving', 'needed'] as const;

function parseTruth(truth: unknown, refuse: (problem: string) => never): Truth {
  if (!isRecord(truth)) return refuse('it is not an object');
  const unknown = Object.keys(truth).find((key) => !KEYS.includes(key as (typeof KEYS)[number]));
  if (unknown !== undefined) refuse(`${unknown} is not a known key, expected ${KEYS.join(', ')}`);
  const listed = KEYS.filter((key) => truth[key] !== undefined);
  for (const key of listed) if (!Array.isArray(truth[key])) refuse(`${key} is not a list`);
  const segments = (key: (typeof KEYS)[number]): unknown[] => truth[key] as unknown[];
  const [first, ...more] = listed;
  const odd = more.find((key) => segments(key).length !== segments(first).length);
  if (odd) refuse(`${odd} has ${segments(odd).length} segments, ${first} has ${segments(first).length}`);
  const flags = (key: (typeof KEYS)[number]): boolean[] =>
    segments(key).map((flag, at) =>
      flag === 1 || flag === 0 || typeof flag === 'boolean'
        ? Boolean(flag)
        : refuse(`${key}[${at}] is ${JSON.stringify(flag)}, expected 1 or 0`),
    );
  const boxOf = (box: unknown, segment: number): Box => {
    const isBox =
      Array.isArray(box) &&
      (box.length === 4 || box.length === 5) &&
      box.every((side) => typeof side === 'number' && side >= 0 && side <= 1);
    if (!isBox || box[2] < box[0] || box[3] < box[1])
      return refuse(
        `boxes[${segment}] holds ${JSON.stringify(box)}, expected [left, top, right, bottom] from 0 to 1, then 1 where it sounds`,
      );
    const [left, top, right, bottom, sounding] = box;
    return { left, top, right, bottom, sounding: sounding === 1 };
  };
  const boxes = () =>
    segments('boxes').map((ofSegment, at) =>
      Array.isArray(ofSegment) ? ofSegment.map((box) => boxOf(box, at)) : refuse(`boxes[${at}] is not a list`),
    );
  return Object.fromEntries(listed.map((key) => [key, key === 'boxes' ? boxes() : flags(key)]));
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
