import type { Batch, Question } from '@tass/dataset-music-avqa';
import { HalfBuffers } from './half-buffers';
import { disposeBatch, loadBatch, type BatchSource, type LoadedBatch } from './load-batch';

/** The batches of a plan in order; the next can be read while the current one is in use. */
export class BatchReader {
  private ahead: LoadedBatch | undefined;
  private next: number;
  private readonly buffers = new HalfBuffers();

  constructor(
    private readonly batches: readonly Batch[],
    private readonly questions: readonly Question[],
    private readonly source: BatchSource,
    from = 0,
  ) {
    this.next = from;
  }

  /** The next batch, which the caller then owns. */
  take(): LoadedBatch {
    const batch = this.ahead ?? this.read();
    this.ahead = undefined;
    return batch;
  }

  /** Reads the next batch ahead, if there is one. */
  readAhead(): void {
    if (this.ahead === undefined && this.next < this.batches.length) this.ahead = this.read();
  }

  dispose(): void {
    if (this.ahead !== undefined) disposeBatch(this.ahead);
    this.ahead = undefined;
  }

  private read(): LoadedBatch {
    return loadBatch(this.batches[this.next++], this.questions, this.source, this.buffers);
  }
}
