import { join } from 'node:path';

/** Paths in a run folder, in addition to those of `@tass/tracking`. */
export const runFiles = {
  config: (folder: string): string => join(folder, 'config.yaml'),
  checkpoints: (folder: string): string => join(folder, 'checkpoints'),
  last: (folder: string): string => join(folder, 'checkpoints', 'last.safetensors'), // to go on training from
  best: (folder: string): string => join(folder, 'checkpoints', 'best.safetensors'), // parameters of the epoch with the best val accuracy
  otherPredictions: (folder: string, test: string): string => join(folder, `predictions-${test}.jsonl`), // on the test of another benchmark
  otherReport: (folder: string, test: string): string => join(folder, `report-${test}`), // without .md and .json
  predictions: (folder: string, split: 'val' | 'test'): string => join(folder, `predictions-${split}.jsonl`),
  use: (folder: string, test: string): string => join(folder, `use-${test}.json`), // what the answers lose without the grounding
  grounding: (folder: string, test: string): string => join(folder, `grounding-${test}.json`), // where and when the network looked, held against truth
  presentVideos: (folder: string): string => join(folder, 'present-videos.txt'), // with dataset.questions=present, an id a line
} as const;
