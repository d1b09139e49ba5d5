import { AnnotationError, WHERE_TO_GET_ANNOTATIONS } from './annotation-error';
import { readAnnotationFile } from './annotation-file';
import { parseQuestion, type RowForm } from './parse-question';
import type { Question } from './question';
import { type Release, recogniseRelease, splitOfName } from './release';

/** MUSIC-AVQA itself, or a benchmark made after it: v2.0 (arXiv 2310.06238), R (arXiv 2404.12020) or FortisAVQA (arXiv 2504.00487). */
type Benchmark = 'MUSIC-AVQA' | 'v2.0' | 'R' | 'FortisAVQA';

/** `any`: read only for its questions, by position. */
type ReadAs = Benchmark | 'any';

const FORMS: Readonly<Record<ReadAs, RowForm>> = {
  'MUSIC-AVQA': { identifiedBy: 'id', values: 'text' },
  'v2.0': { identifiedBy: 'position', values: 'text or list' },
  R: { identifiedBy: 'position', values: 'filled' },
  FortisAVQA: { identifiedBy: 'position', values: 'filled', hasHalf: true },
  any: { identifiedBy: 'position', values: 'filled' },
};

export interface ReadAnnotationsOptions {
  /** What the file is to be used as, such as val or test_balance; taken from the name avqa-<split>.json when left out. */
  readonly split?: string;
  /** Whose file it is; `any`: of any release, read by position, only for its questions. Default MUSIC-AVQA. */
  readonly benchmark?: ReadAs;
}

export interface Annotations {
  readonly file: string;
  readonly questions: readonly Question[]; // in the file's order
  readonly release: Release;
  readonly sha256: string; // of the content; see `readAnnotationFile`
  readonly gitBlob: string; // of the same
  /** Ids of which train_fake holds several rows; the first row of each is kept, the others are left out. Empty for any other file. */
  readonly repeatedIds: readonly number[];
  readonly identifiedBy: RowForm['identifiedBy']; // what Question.id is: question_id, or the row's position in the file, from 0
  readonly rowIds: readonly unknown[]; // question_id of each row as written; null if it is missing
  readonly ids: IdCounts;
  readonly repetitions: Repetitions;
}

export interface IdCounts {
  readonly missing: number; // rows without question_id
  readonly repeated: number; // ids of several rows
}

/** Questions that a file asks about a video more than once. */
export interface Repetitions {
  readonly rows: number; // that equal an earlier row in video, filled question and answer
  readonly contradictions: number; // questions about a video with several answers
}

/**
 * Reads an annotation file of MUSIC-AVQA, of v2.0, of R or of FortisAVQA (.json or .json.gz) and recognises its release.
 * Throws AnnotationError for a file that is missing, truncated, not an annotation list, of the older release (`json`), of another split
 * or benchmark than it is used as, or has a row that breaks a convention.
 */
export function readAnnotations(file: string, options: ReadAnnotationsOptions = {}): Annotations {
  const { benchmark = 'MUSIC-AVQA' } = options;
  const form = FORMS[benchmark];
  const { rows, gitBlob, sha256 } = readAnnotationFile(file);
  const release = recogniseRelease(file, gitBlob);
  if (benchmark !== 'any') {
    refuseOtherBenchmark(file, release, benchmark);
    refuseWrongRelease(file, release, options);
  }
  const parsed = rows.map((row, index) => parseQuestion(row, index, file, form));
  const { identifiedBy } = form;
  const { questions, repeatedIds } = identifiedBy === 'id' ? uniqueById(file, parsed, release) : { questions: parsed, repeatedIds: [] };
  const rowIds = rows.map((row) => (row as Record<string, unknown>).question_id ?? null);
  const ofRows = { identifiedBy, rowIds, ids: countIds(rowIds), repetitions: repetitionsIn(questions) };
  return { file, questions, release, sha256, gitBlob, repeatedIds, ...ofRows };
}

function uniqueById(
  file: string,
  parsed: readonly Question[],
  release: Release,
): { readonly questions: Question[]; readonly repeatedIds: number[] } {
  const first = new Map<number, number>();
  const repeated = new Set<number>();
  const questions: Question[] = [];
  parsed.forEach((question, index) => {
    const before = first.get(question.id);
    if (before === undefined) {
      first.set(question.id, index);
      questions.push(question);
    } else if (release.kind === 'synthetic') {
      repeated.add(question.id);
    } else {
      throw new AnnotationError(
        `${file}: row ${index}, question_id ${question.id}: the id was used by row ${before} already; ids must be unique, as predictions are matched by them`,
      );
    }
  });
  return { questions, repeatedIds: [...repeated] };
}

export function countIds(ids: readonly unknown[]): IdCounts {
  const given = ids.filter((id) => id !== null);
  const [once, several] = [new Set<unknown>(), new Set<unknown>()];
  for (const id of given) (once.has(id) ? several : once).add(id);
  return { missing: ids.length - given.length, repeated: several.size };
}

function repetitionsIn(questions: readonly Question[]): Repetitions {
  const answersOf = new Map<string, Set<number>>();
  let rows = 0;
  for (const { videoId, text, answer } of questions) {
    const asked = `${videoId} ${text}`;
    const answers = answersOf.get(asked);
    if (answers?.has(answer)) rows += 1;
    else if (answers) answers.add(answer);
    else answersOf.set(asked, new Set([answer]));
  }
  return { rows, contradictions: [...answersOf.values()].filter(({ size }) => size > 1).length };
}

/** The dataset that reads a file of a benchmark. */
const DATASETS: Readonly<Record<Benchmark, string>> = {
  'MUSIC-AVQA': 'music-avqa',
  'v2.0': 'music-avqa-v2',
  R: 'music-avqa-r',
  FortisAVQA: 'fortis-avqa',
};

function refuseOtherBenchmark(file: string, { kind, name }: Release, benchmark: Benchmark): void {
  if (kind === 'embedded' || kind === 'unknown') return;
  const own: Benchmark = kind === 'v2.0' || kind === 'R' ? kind : 'MUSIC-AVQA';
  if (own === benchmark) return;
  const advice = `Put the file of dataset=${DATASETS[benchmark]} there, or read this one with dataset=${DATASETS[own]}`;
  throw new AnnotationError(`${file}: is ${name}, but would be used as a file of ${nameOf(benchmark)}. ${advice}`);
}

const nameOf = (benchmark: Benchmark): string =>
  benchmark === 'v2.0' ? 'MUSIC-AVQA v2.0' : benchmark === 'R' ? 'MUSIC-AVQA-R' : benchmark;

function refuseWrongRelease(file: string, release: Release, { split }: ReadAnnotationsOptions): void {
  const use = split ?? splitOfName(file);
  if (release.kind === 'synthetic' && use !== 'train_fake') {
    throw new AnnotationError(
      `${file}: is ${release.name}, an older list of questions on synthetic videos only, no replacement for the train file. Remove it: without a train file, part of val is used for training`,
    );
  }
  if (release.kind === 'older') {
    throw new AnnotationError(
      `${file}: is ${release.name} of the older release, which has contradictory duplicates. Take the file of the same name from json_update. ${WHERE_TO_GET_ANNOTATIONS}`,
    );
  }
  if (use !== undefined && release.split !== undefined && wholeSplit(use) !== wholeSplit(release.split)) {
    throw new AnnotationError(`${file}: is ${release.name} but would be used as ${use}. Put the file of that split there`);
  }
}

/** The split that a part such as val_real belongs to; train_fake is a split of its own. Both names of a train file of v2.0 mean one split. */
const wholeSplit = (split: string): string =>
  split === 'train_fake' ? split : split.replace(/_(real|fake)$/, '').replace(/^train_(balance|bias)$/, '$1_train');
