/** A word of ffmpeg that what it decodes is damaged, and when. */
interface Event {
  readonly at: number; // seconds of our clock: the time of what was decoded last
  until?: number; // the time of what was decoded next: between them it may be missing
  readonly words: string;
}

/**
 * What ffmpeg says of damage while it decodes one stream, though it ends well: it conceals what it cannot decode. `hear` takes every line of
 * it, `decoded` the time of each image or block of samples.
 *
 * No damage are messages on streams that are whole: of decoders before the first image and after the last one (streams are cut anywhere), on references
 * that an encoder set wrongly, on what ffmpeg itself writes.
 */
export class Damage {
  private readonly events: Event[] = [];
  private readonly before: Event[] = []; // the first image; times are after that one's start
  private first?: number;
  private last?: number;
  private sinceLast = 0;
  private wasHarmless = false; // the last error
  private lostAt?: number; // when a packet was lost last of which no damage is known yet

  constructor(private readonly isBroadcast: boolean) {}

  decoded(time: number): void {
    this.first ??= time;
    for (let at = this.sinceLast; at < this.events.length; at++) this.events[at].until = time;
    this.last = time;
    this.sinceLast = this.events.length;
  }

  hear(line: string): void {
    const words = this.damageIn(line);
    if (words === undefined) return;
    if (this.last === undefined)
      this.before.push({ at: 0, until: ofContainer.test(line) && !this.isBroadcast ? probed : undefined, words });
    else this.events.push({ at: this.last, words });
  }

  private damageIn(line: string): string | undefined {
    if (lostPackets.test(line)) this.lostAt = this.last;
    if (concealed.test(line)) return line.replace(/^(?:\[[^\]]*\] )*(?:\S+: )?/, '');
    const [, words] = errorOf.exec(line) ?? [];
    if (words === undefined || (this.wasHarmless && saidAgain.test(words))) return undefined;
    this.wasHarmless = harmless.some((pattern) => pattern.test(words));
    if (!this.wasHarmless) return words;
    if (this.lostAt === undefined || ofMuxer.test(words) || this.last! - this.lostAt > soonAfter) return undefined;
    this.lostAt = undefined;
    return `packets are lost, ${words}`;
  }

  /** In one line, undefined if there is none. `start`: when the first image should be there. */
  describe(what: 'picture' | 'sound', start: number): string | undefined {
    const { atStart, atEnd } = this.isBroadcast ? lostBroadcast : lostElsewhere;
    const missesStart = this.first !== undefined && this.first > start + atStart;
    const before = this.before.filter(({ until }) => missesStart || until !== undefined);
    const end = (this.last ?? 0) - atEnd;
    const events = [
      ...before.map(({ at, until, words }) => ({ at: at + start, until: until && until + start, words })),
      ...this.events.filter(({ at, words }, index) => (index < this.sinceLast && at <= end) || gaveUp.test(words)),
    ];
    if (events.length === 0) return undefined;
    const errors = events.length === 1 ? '1 error' : `${events.length} errors`;
    return `ffmpeg reports ${errors} in its ${what}, at ${stretchesOf(events)}, the first: ${events[0].words.replace(/\.+$/, '')}. Fetch the video again`;
  }
}

/** Seconds that may be lost where a stream is cut: broadcasts are between two key frames, and within a packet. */
const lostBroadcast = { atStart: 3, atEnd: 0.5 };
const lostElsewhere = { atStart: 0.5, atEnd: 0 };

/** Seconds that are concerned, those that touch as one stretch, at most the first four. */
function stretchesOf(events: readonly Event[]): string {
  const stretches: { from: number; to: number }[] = [];
  for (const { at, until = at } of [...events].sort((a, b) => a.at - b.at)) {
    const from = Math.max(0, Math.floor(at));
    const to = Math.max(from + 1, Math.floor(until) + (until > at + 1 ? 1 : 0));
    const last = stretches.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else stretches.push({ from, to });
  }
  const shown = stretches.slice(0, 4).map(({ from, to }) => `${from} to ${to} s`);
  return `${shown.join(', ')}${stretches.length > 4 ? ` and ${stretches.length - 4} more stretches` : ''}`;
}

const errorOf = /^(?:\[[^\]]*\] )*\[(?:error|fatal|panic)\] (.*)$/;
const ofContainer = /^\[(?:flv|matroska|mov|avi|asf|ogg)\b/;
const probed = 4.5; // seconds of a file that ffmpeg reads before it decodes; of a hole in them it says so before the first image
const gaveUp = /max resync size reached/; // of a transport stream: what follows a hole of more than 64 kB is not read
const saidAgain = /^Error (?:while decoding|submitting)/; // by ffmpeg itself, of what the decoder said before
const concealed = /concealing \d+ DC, \d+ AC, \d+ MV errors|corrupt decoded frame/;
const lostPackets = /corrupt input packet/; // also where two whole parts are joined: only where the decoder complains too, packets are lost
const soonAfter = 1; // seconds

/** ffmpeg calls these errors where nothing is: its own output, and what whole files with odd references, tags or a cut end make it say. */
const ofMuxer = /non monotonically increasing dts|Non-monoton/;
const harmless = [
  ofMuxer,
  /co located POCs unavailable|mmco: unref short|reference picture missing|Missing reference picture|number of reference frames|illegal memory management/,
  /illegal short term buffer|no frame!|Could not find ref with POC|Not all references are available/,
  /Referenced QT chapter track|edit list|index entry|unable to decode APP fields|Reserved bit set/,
  /partial file|File ended prematurely|Incorrect BOM|time_increment_bits|VOL header|Failed to open codec/,
];
