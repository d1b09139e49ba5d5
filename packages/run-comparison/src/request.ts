import type { Digits } from '@tass/evaluation';

/** The runs of one page. Of `experiments`, `sweep` and `named` at most one is given; without any of them every run is asked for. */
export interface RunsRequest {
  readonly experiments?: readonly string[];
  readonly sweep?: string;
  readonly named?: readonly string[]; // ids or folders; what is wrong with one of them is an error, not a run left out
  readonly split: 'val' | 'test';
  readonly questions?: string; // beginning of the key of a set of questions; else that of the newest run
  readonly root?: string; // where the questions lie, if not where the runs had them
}

/** How to read another program's predictions file; a key that is left out is found from the file's content. */
export interface ForeignReading {
  readonly answers: string | undefined; // a known order of answers, or a file with the order, that indices stand for
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
