import { Pace, type PaceOptions } from './pace';
import { barLine, endLine, progressLine, type Work } from './progress-line';
import { Rhythm } from './rhythm';
import { isLive, type ProgressStream, screenOf } from './screen';

/** Shows the progress of long work: a bar in a terminal, or lines from time to time in a pipe; one line at the end. */
export interface Progress {
  /** `before`: as `Pace.update`. */
  update(done: number, note?: string, before?: number): void;
  finish(note?: string): void;
}

export interface ShownWork extends Work, PaceOptions {
  readonly total: number;
}

export function showProgress({ total, ...work }: ShownWork, stream: ProgressStream = process.stderr): Progress {
  const pace = new Pace(total, work);
  const screen = screenOf(stream);
  let note = '';
  const live = isLive(stream);
  const remove = live ? screen.add((width) => barLine(work, pace, note, width)) : undefined;
  const rhythm = new Rhythm(pace.started, work.now);
  return {
    update(done, saying = '', before) {
      pace.update(done, before);
      note = saying;
      if (!live && rhythm.isDue()) screen.say(progressLine(work, pace, note));
    },
    finish(saying) {
      remove?.();
      screen.say(endLine(work, pace, saying));
    },
  };
}
