import { Presets, SingleBar } from 'cli-progress';

/** Shows how far long work has come: a bar in a terminal, now and then a line in a pipe. */
export interface Progress {
  update(done: number, note?: string): void;
  finish(note?: string): void;
}

/** Where progress is shown, such as standard error. */
export type ProgressStream = NodeJS.WritableStream & { readonly isTTY?: boolean };

const SECONDS_BETWEEN_LINES = 10;

/** `started`: when the work began (`performance.now()`), where that was before its first news. */
export function showProgress(label: string, total: number, stream: ProgressStream = process.stderr, started = performance.now()): Progress {
  const seconds = (): string => ((performance.now() - started) / 1000).toFixed(1);
  let done = 0;
  const line = (note: string): string =>
    `${label}: ${done === total ? total : `${done}/${total}`} in ${seconds()} s ${note}`.trimEnd() + '\n';
  if (stream.isTTY) {
    const bar = new SingleBar(
      { format: `${label} {bar} {value}/{total} {note}`, stream, hideCursor: true, clearOnComplete: true },
      Presets.shades_classic,
    );
    bar.start(total, 0, { note: '' });
    return {
      update(now, note = '') {
        done = now;
        bar.update(done, { note });
      },
      finish(note = '') {
        bar.stop();
        stream.write(line(note));
      },
    };
  }
  let lastLine = started;
  return {
    update(now, note = '') {
      done = now;
      if (performance.now() - lastLine < SECONDS_BETWEEN_LINES * 1000) return;
      lastLine = performance.now();
      stream.write(line(note));
    },
    finish: (note = '') => void stream.write(line(note)),
  };
}
