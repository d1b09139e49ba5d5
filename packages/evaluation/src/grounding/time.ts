import { averagePrecision, countIn, largestInside, massInside, type Mask, type RankedShares } from './shares';

/** How an attention in time and the seconds that an answer needs go together. */
export const TIME_MEASURES = {
  /** Share of the attention on the needed seconds. */
  share: ({ shares }: RankedShares, needed: Mask): number => massInside(shares, needed),
  /** That share over the one of a uniform attention. */
  ratio: ({ shares }: RankedShares, needed: Mask): number => (massInside(shares, needed) * needed.length) / countIn(needed),
  /** Whether the second with the most attention is needed. */
  hit: ({ shares }: RankedShares, needed: Mask): number => largestInside(shares, needed),
  /** Average precision of the seconds, ranked by attention. */
  precision: averagePrecision,
} as const;

export type TimeMeasure = keyof typeof TIME_MEASURES;

export const timeMeasures = Object.keys(TIME_MEASURES) as readonly TimeMeasure[];

/** Whether needed seconds can judge an attention: there are some, and they cover at most half of the video. */
export function canTell(needed: Mask | undefined): needed is Mask {
  const count = needed ? countIn(needed) : 0;
  return count > 0 && 2 * count <= needed!.length;
}

/** Needed seconds that questions of one group, a template, are judged by. */
interface Group {
  readonly masks: ReadonlyMap<string, { readonly mask: Mask; readonly count: number; readonly ofVideo: ReadonlyMap<string, number> }>;
  readonly count: number;
  readonly ofVideo: ReadonlyMap<string, number>;
}

export interface Needing {
  readonly group: string;
  readonly videoId: string;
  readonly needed: Mask;
}

/**
 * An attention judged by the needed seconds of the other videos of its group: the mean of a measure over the group's questions on other videos.
 * Activity sits in the middle of many a video, so that a fixed profile in time does better than chance; it does no better than this.
 */
export class OtherVideos {
  private readonly groups = new Map<string, Group>();

  constructor(questions: readonly Needing[]) {
    const byGroup = new Map<string, Needing[]>();
    for (const question of questions) {
      const members = byGroup.get(question.group);
      if (members) members.push(question);
      else byGroup.set(question.group, [question]);
    }
    for (const [name, members] of byGroup) this.groups.set(name, groupOf(members));
  }

  /** NaN where the group has no other video. */
  mean(measure: TimeMeasure, attention: RankedShares, { group: name, videoId }: Omit<Needing, 'needed'>): number {
    const group = this.groups.get(name)!;
    let sum = 0;
    for (const { mask, count, ofVideo } of group.masks.values()) {
      const ofOthers = count - (ofVideo.get(videoId) ?? 0);
      if (ofOthers > 0) sum += ofOthers * TIME_MEASURES[measure](attention, mask);
    }
    return sum / (group.count - (group.ofVideo.get(videoId) ?? 0));
  }
}

function groupOf(members: readonly Needing[]): Group {
  const masks = new Map<string, { mask: Mask; count: number; ofVideo: Map<string, number> }>();
  const ofVideo = new Map<string, number>();
  const countUp = (counts: Map<string, number>, videoId: string): unknown => counts.set(videoId, (counts.get(videoId) ?? 0) + 1);
  for (const { needed, videoId } of members) {
    const key = Array.from(needed, Number).join('');
    let known = masks.get(key);
    if (known === undefined) masks.set(key, (known = { mask: needed, count: 0, ofVideo: new Map() }));
    known.count++;
    countUp(known.ofVideo, videoId);
    countUp(ofVideo, videoId);
  }
  return { masks, count: members.length, ofVideo };
}
