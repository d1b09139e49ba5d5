import type { Packet } from '../ffmpeg/packets';

/** A stretch of one stream in which the file's clock runs on: its times from `from` to `to`, plus `shift`, are times of our clock. */
export interface Run {
  readonly from: number; // seconds of the file's clock: the first presentation time
  readonly to: number; // the end of what is presented last
  readonly shift: number;
}

export interface ClockOptions {
  readonly picture?: number; // the stream that stands for the video
  readonly sound?: number;
  readonly timeZero: number; // of the file's first clock
  readonly longestGap: number; // seconds; a longer leap forward is another clock, not a gap
}

/** The runs of each stream in the order of the file. */
export interface JoinedClock {
  readonly picture: readonly Run[];
  readonly sound: readonly Run[];
}

/**
 * Puts all packets on one clock. A file's own clock may begin again (parts joined by `cat`), leap by an hour, or wrap; then what follows
 * comes right after what was there before. A gap or a long still image is no leap: the other stream runs on meanwhile. Streams that leap together
 * keep their distance; one that leaps alone follows its own end.
 *
 * The order of packets in the file decides which is which, for picture and sound of one moment lie close together in a file.
 */
export function joinClock(packets: readonly Packet[], { picture, sound, timeZero, longestGap }: ClockOptions): JoinedClock {
  const cursors = new Map<number | undefined, Cursor>([[picture, new Cursor()], [sound, new Cursor()]]); // prettier-ignore
  cursors.delete(undefined);
  const parts: Part[] = [];
  const withDecodeTimes = new Set(packets.flatMap(({ stream, decodeTime }) => (decodeTime === undefined ? [] : [stream])));
  for (const packet of packets) {
    const cursor = cursors.get(packet.stream);
    const time = packet.decodeTime ?? packet.time;
    if (!cursor || time === undefined) continue; // without a time of its own it belongs to the packet before it
    const other = [...cursors.values()].find((each) => each !== cursor && each.run !== undefined);
    const part = partOf(time, cursor, other, longestGap);
    if (part === undefined) {
      parts.push(new Part(parts.length, parts.length === 0 ? [] : [...cursors.values()]));
      cursor.enter(parts[parts.length - 1]);
    } else if (part !== cursor.run?.part) cursor.enter(part);
    const isOrdered = packet.decodeTime !== undefined || !withDecodeTimes.has(packet.stream); // else a first, reordered image of Matroska's
    cursor.take(packet, time, isOrdered);
  }
  for (const cursor of cursors.values()) cursor.takeFar(longestGap);
  for (const part of parts) part.place(timeZero, longestGap);
  return { picture: cursors.get(picture)?.closed(true) ?? [], sound: cursors.get(sound)?.closed(false) ?? [] };
}

const backwards = 0.5; // seconds that a clock may go back without beginning again
const near = 10; // seconds between picture and sound of one moment, at most
const together = 5; // seconds within which both streams leap where they leap together

/** The part that a packet belongs to; undefined: a new one begins. */
function partOf(time: number, { run, left, next = time }: Cursor, other: Cursor | undefined, longestGap: number): Part | undefined {
  if (run === undefined) {
    if (other?.run === undefined || other.next === undefined) return undefined;
    const from = Math.min(other.run.from, other.next);
    return time > from - longestGap && time < other.next + longestGap ? other.run.part : undefined;
  }
  const leap = time - next;
  if (leap < -backwards && left !== undefined && Math.abs(time - left.next) < backwards) return left.part; // it was one wrong time
  const distance = other?.next === undefined ? Infinity : Math.abs(time - other.next);
  const otherPart = other?.run?.part;
  const otherLeft = otherPart !== undefined && otherPart.order > run.part.order && other!.next! - other!.run!.from < together;
  if (otherLeft && distance < Math.abs(leap)) return otherPart;
  if (leap > -backwards && leap < longestGap) return run.part;
  if (distance < near && (otherPart !== run.part || leap > 0)) return otherPart;
  return undefined;
}

/** A stretch of the file with one clock for all streams in it. */
class Part {
  shift = 0;
  private readonly before: readonly { readonly cursor: Cursor; readonly run?: OpenRun; readonly packets: number }[];
  private readonly runs: { readonly run: OpenRun; readonly follows?: OpenRun }[] = [];

  constructor(
    readonly order: number,
    cursors: readonly Cursor[],
  ) {
    this.before = cursors.map((cursor) => ({ cursor, run: cursor.run, packets: cursor.run?.packets ?? 0 }));
  }

  /** A stream that had packets of its former part since this one began came later: it does not fix where the part begins. */
  join(cursor: Cursor, run: OpenRun): void {
    const before = this.before.find((each) => each.cursor === cursor);
    const isFirst = before !== undefined && before.run === cursor.run && (cursor.run?.packets ?? 0) === before.packets;
    if (this.order === 0 || isFirst) this.runs.push({ run, follows: cursor.run });
  }

  /**
   * As early as can be, so that what a stream has in this part does not begin before what it has before it is over. Streams that are far
   * apart from the first begin together.
   */
  place(timeZero: number, longestGap: number): void {
    const start = Math.min(...this.runs.map(({ run }) => run.from));
    const shifts = this.runs.flatMap(({ run, follows }) => (follows === undefined ? [] : [follows.to + follows.part.shift - run.from]));
    const known = shifts.filter(Number.isFinite);
    if (known.length > 0 && this.order > 0) this.shift = Math.max(...known);
    else this.shift = (this.order > 0 || start > timeZero + longestGap) && start < Infinity ? -start : -timeZero;
  }
}

interface OpenRun {
  readonly part: Part;
  from: number;
  to: number;
  packets: number;
  held: number; // as `to`, with the whole duration of the last packet
  readonly far: Shown[];
}

/** When a packet is shown and for how long, in seconds of the file's clock. */
interface Shown {
  readonly time: number;
  readonly decodeTime: number;
  readonly lasts: number; // by its own words
  readonly atMost: number; // without a leap
}

function extend(run: OpenRun, start: number, { lasts, atMost }: Shown): void {
  run.from = Math.min(run.from, start);
  run.to = Math.max(run.to, start + atMost);
  run.held = Math.max(run.held, start + lasts);
}

const longestStep = 2; // seconds: a muxer that meets a leap may call it the duration of the packet before

/** Where one stream has got to in the file. */
class Cursor {
  run?: OpenRun;
  next?: number; // when its next packet is due, on the file's clock
  left?: { readonly next: number; readonly part: Part }; // where it was before it leapt forward
  private before?: Part;
  private readonly runs: OpenRun[] = [];
  private step = 0; // seconds between its last packets
  private last?: number;

  enter(part: Part): void {
    const run = { part, from: Infinity, to: -Infinity, packets: 0, held: -Infinity, far: [] };
    part.join(this, run);
    this.runs.push(run);
    this.run = run;
    this.last = undefined;
  }

  take({ time = NaN, duration, isShown }: Packet, decodeTime: number, isOrdered: boolean): void {
    const run = this.run!;
    run.packets++;
    if (!isOrdered) {
      this.next ??= decodeTime;
      const lasts = duration ?? this.step;
      return extend(run, decodeTime, { time, decodeTime, lasts, atMost: Math.min(lasts, longestStep) });
    }
    if (this.next !== undefined && decodeTime - this.next > backwards) this.left = { next: this.next, part: this.before ?? run.part };
    this.before = run.part;
    const sinceLast = this.last === undefined ? 0 : decodeTime - this.last;
    if (sinceLast > 0 && sinceLast < longestStep) this.step = sinceLast;
    this.last = decodeTime;
    const lasts = duration ?? this.step;
    this.next = decodeTime + Math.min(lasts, longestStep);
    if (!isShown) return;
    const shown = { time, decodeTime, lasts, atMost: Math.min(lasts, this.step || longestStep) };
    if (Math.abs(time - decodeTime) > near) run.far.push(shown);
    else extend(run, Number.isNaN(time) ? decodeTime : time, shown);
  }

  /** Takes the packets whose two times are far apart: those of reordered images that stay for long, unless one of them is a wrong time. */
  takeFar(longestGap: number): void {
    for (const run of this.runs) {
      for (const shown of run.far.sort((a, b) => a.time - b.time)) {
        const [from, to] = [Math.min(run.from, shown.decodeTime), Math.max(run.to, shown.decodeTime)];
        const isRight = shown.time > from - longestGap && shown.time < to + longestGap;
        extend(run, isRight ? shown.time : shown.decodeTime, shown);
      }
    }
  }

  /** `holds`: the last packet of all counts with its whole duration, as an image does that stays. */
  closed(holds: boolean): Run[] {
    const seen = this.runs.filter(({ from }) => from < Infinity);
    return seen.map((run, index) => ({
      from: run.from,
      to: holds && index === seen.length - 1 ? run.held : run.to,
      shift: run.part.shift,
    }));
  }
}
