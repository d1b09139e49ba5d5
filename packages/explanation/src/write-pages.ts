import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Question } from '@tass/dataset-music-avqa';
import { onDisk, writeSharedFileAtomically } from '@tass/files';
import { indexEntry, renderQuestionIndex, renderQuestionPage, type IndexEntry } from '@tass/question-page';
import { explain, type ExplainOptions } from './explain';
import type { OpenedRun } from './opened-run';

export interface WritePagesOptions extends ExplainOptions {
  readonly folder: string; // made where it is not there
  readonly title: string; // of the index
  readonly onProgress?: (written: number) => void;
}

export interface WrittenPages {
  readonly pages: readonly string[]; // files, in the order of the questions
  readonly index: string | undefined; // file; undefined: there is one page alone
  readonly right: number; // questions that the first run answers rightly
}

const INDEX = 'index.html';

/** Writes a page for each question, and an index if there are several, even of finished pages if it throws: as `explain`; DiskError. */
export async function writePages(
  runs: readonly [OpenedRun, ...OpenedRun[]],
  questions: readonly Question[],
  { folder, title, onProgress, ...options }: WritePagesOptions,
): Promise<WrittenPages> {
  const write = (name: string, page: string): string => {
    onDisk(`cannot write pages in ${folder}`, folder, () => mkdirSync(folder, { recursive: true })); // made late, so that a refusal leaves nothing
    writeSharedFileAtomically(join(folder, name), page);
    return join(folder, name);
  };
  const entries: IndexEntry[] = [];
  const pages: string[] = [];
  let right = 0;
  const isIndexed = questions.length > 1;
  let index: string | undefined;
  try {
    for await (const explanation of explain(runs, questions, options)) {
      const { question, looks } = explanation;
      const name = `question-${question.id}.html`;
      pages.push(write(name, renderQuestionPage(explanation, isIndexed ? INDEX : undefined)));
      entries.push(indexEntry(explanation, name));
      if (looks[0].answers[0].answer === question.right) right++;
      onProgress?.(entries.length);
    }
  } finally {
    if (isIndexed && entries.length > 0) index = write(INDEX, renderQuestionIndex({ created: new Date().toISOString(), title, entries }));
  }
  return { pages, index, right };
}
