import { AnnotationError } from './annotation-error';
import { describeOthers, findFile, listed } from './find-file';
import type { RephrasedTest } from './find-r';
import { readAnnotations } from './read-annotations';

const FOLDERS = ['', 'fortis-avqa', 'fortisavqa', 'FortisAVQA'];
const NAMES = ['FortisAVQA-test.json'];

/** Rows of the published test (its README). */
const PUBLISHED_ROWS = 211_572;

/**
 * Reads the test questions of FortisAVQA: rephrased questions of MUSIC-AVQA's test, in one file, whose key `split` has each row's half.
 * Throws AnnotationError as `readAnnotations`, and with the places searched when the file is not there.
 */
export function readFortis(root: string): RephrasedTest {
  const file = findFile(root, FOLDERS, NAMES);
  if (file === undefined)
    throw new AnnotationError(
      `${NAMES[0]} or ${NAMES[0]}.gz is in none of ${listed(root, FOLDERS)}. ${describeOthers(root, FOLDERS, NAMES)}The repository reml-group/fortisavqa on GitHub says where to download it; put it into one of these folders under this name`,
    );
  const { questions, release, sha256, ids, repetitions } = readAnnotations(file, { benchmark: 'FortisAVQA' });
  const count = questions.length.toLocaleString('en');
  const doubts =
    questions.length === PUBLISHED_ROWS
      ? []
      : [`${file}: it has ${count} questions, the published test ${PUBLISHED_ROWS.toLocaleString('en')}`];
  return { files: [file], questions, release, sha256, ids, repetitions, doubts };
}
