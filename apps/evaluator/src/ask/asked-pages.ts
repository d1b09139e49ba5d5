import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AskedVideo } from '@tass/experiment';
import { DiskError, onDisk, writeSharedFileAtomically } from '@tass/files';
import { indexEntry, renderQuestionIndex, renderQuestionPage, type Explanation, type IndexEntry } from '@tass/question-page';
import { pageName } from './page-name';

/**
 * The pages of answers in one folder, and their index. If the disk refuses a page, the answer is still given, and `fault` has the reason.
 */
export class AskedPages {
  private readonly entries: IndexEntry[] = [];
  private readonly refused: string[] = []; // why

  /** `folder` is made with the first page. */
  constructor(private readonly folder: string) {}

  get count(): number {
    return this.entries.length;
  }

  /** Why files are missing; undefined if none is. */
  get fault(): string | undefined {
    const [first, ...others] = this.refused;
    return others.length === 0 ? first : `${this.refused.length} pages cannot be written; the first: ${first}`;
  }

  /** Returns the page's file; undefined if it cannot be written. */
  write(video: AskedVideo, explanation: Explanation): string | undefined {
    const name = pageName(video, explanation.question.text);
    const file = this.onFolder(name, () => renderQuestionPage(explanation));
    if (file !== undefined) this.entries.push(indexEntry(explanation, name));
    return file;
  }

  /** Writes the index if there are several pages. Returns its file, or undefined. */
  writeIndex(title: string): string | undefined {
    if (this.count < 2) return undefined;
    const { entries } = this;
    return this.onFolder('index.html', () => renderQuestionIndex({ created: new Date().toISOString(), title, entries }));
  }

  private onFolder(name: string, render: () => string): string | undefined {
    const text = render();
    const file = join(this.folder, name);
    try {
      onDisk(`cannot write pages in ${this.folder}`, this.folder, () => mkdirSync(this.folder, { recursive: true }));
      writeSharedFileAtomically(file, text);
      return file;
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      this.refused.push(error.message);
      return undefined;
    }
  }
}
