import type { Digits } from '@tass/evaluation';

/** The requested runs of a page. At most one of `experiments`, `sweep` and `named` is given; without any, all runs are requested. */
export interface RunsRequest {
  readonly experiments?: readonly string[];
  readonly sweep?: string;
  readonly named?: readonly string[]; // ids or folders; a problem with one of them is an error, instead of leaving it out
  readonly split: 'val' | 'test';
  readonly questions?: string; // beginning of the key of a set of questions; else that of the newest run
  readonly root?: string; // the folder of the questions, if not that of the runs
}

/** The test of another benchmark, to show next to the page's own. */
export interface AskedTest {
  readonly name: string; // as `testsByName` has it
  readonly root: string | undefined; // where it lies; undefined: where the page's questions were asked for, else the project's data folder
}

/** How to read another program's predictions file; a key that is left out is found from the file's content. */
export interface ForeignReading {
  readonly answers: string | undefined; // a known order of answers, or a file with the order, for indices
  readonly predictionKey: string | undefined;
  readonly idKey: string | undefined;
  readonly digits: Digits | undefined;
}

/** Predictions of another program; several files of one name are runs of one method. */
export interface ForeignMethod {
  readonly name: string;
  readonly file: string;
  readonly reading: ForeignReading;
}
