import { createRequire } from 'node:module';
import type { MultiBar, SingleBar } from 'cli-progress';

/** Where progress is shown; process.stderr is one. */
export type ProgressStream = Pick<NodeJS.WriteStream, 'write'> & Partial<Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'rows'>>;

const redrawsPerSecond = 4;
const toEndOfLine = '\x1b[K'; // clears leftovers of a bar

/** Lines at the lower edge of a terminal that are redrawn, below the lines that were printed. It changes no setting of the terminal. */
class Screen {
  private bars: MultiBar | undefined;
  private readonly shown = new Set<SingleBar>();

  constructor(private readonly stream: ProgressStream) {}

  /** Draws the result of `line` for the terminal's columns. Returns the function that removes the line. */
  add(line: (width: number) => string): () => void {
    this.bars ??= this.open();
    const format = (): string => line((this.stream.columns || 80) - 1); // 0: unknown; a terminal may wrap in its last column
    const bar = this.bars.create(1, 0, {}, { format });
    this.shown.add(bar);
    return () => {
      if (!this.shown.delete(bar)) return;
      if (this.shown.size === 0) this.clear();
      else this.bars?.remove(bar);
    };
  }

  say(text: string): void {
    if (!this.bars) return void this.stream.write(`${text}\n`);
    this.bars.log(text.replace(/$/gm, toEndOfLine) + '\n');
    this.bars.update();
  }

  private readonly clear = (): void => {
    process.off('exit', this.clear);
    this.bars?.stop();
    this.bars = undefined;
    this.shown.clear();
  };

  private open(): MultiBar {
    const { MultiBar } = createRequire(__filename)('cli-progress') as typeof import('cli-progress'); // only for those who watch
    const bars = new MultiBar({
      ...{ stream: this.stream as NodeJS.WritableStream, fps: redrawsPerSecond, forceRedraw: true, clearOnComplete: true },
      ...{ linewrap: true, hideCursor: false, gracefulExit: false }, // a killed process leaves the terminal as it was
    });
    const letEnd = (): void => void (bars as unknown as { timer: NodeJS.Timeout | null }).timer?.unref(); // an error ends the process
    process.once('exit', this.clear); // after an error, or a signal during the work
    bars.on('start', letEnd);
    bars.on('update-post', letEnd);
    return bars;
  }
}

const screens = new WeakMap<ProgressStream, Screen>();

export function screenOf(stream: ProgressStream): Screen {
  const known = screens.get(stream) ?? new Screen(stream);
  screens.set(stream, known);
  return known;
}

/** Whether lines can be drawn again: not in a pipe, a terminal without cursor movement, a log of CI. */
export function isLive({ isTTY }: ProgressStream, { TERM, CI }: NodeJS.ProcessEnv = process.env): boolean {
  return isTTY === true && TERM !== 'dumb' && (CI === undefined || CI === '' || CI === 'false');
}

/** A line for the user, on standard error above the drawn lines; results go to standard output. */
export function say(line: string, stream: ProgressStream = process.stderr): void {
  screenOf(stream).say(line);
}
