import type { Question } from '@tass/dataset-music-avqa';
import { notJudged, type Series } from './series';
import { ranked, relativeEntropy } from './shares';
import { spaceMeasures, type SpaceMeasures } from './space';
import { TIME_MEASURES, canTell, OtherVideos, timeMeasures } from './time';
import { TruthError, type TruthFile } from './truth';

export const HALVES = ['visual', 'audio'] as const;
type Half = (typeof HALVES)[number];
export const MAPS = ['text', 'audio', 'pooled'] as const;
type MapName = (typeof MAPS)[number];

/** What a network looked at for one question. */
export interface Looked {
  readonly attention?: Readonly<Partial<Record<Half, Float32Array>>>; // [time]
  readonly attentionByHead?: Readonly<Partial<Record<Half, Float32Array>>>; // [heads * time], shares before each half is rescaled
  readonly maps?: Readonly<Partial<Record<MapName, Float32Array>>>; // [time * regions]
  readonly grid?: readonly [time: number, regions: number]; // of the maps
  readonly target?: { readonly words?: Float32Array }; // [words], shares of the question's words in what it asks about; not judged
}

const SPACE_MEASURES = ['pointing', 'mass', 'overlap'] as const satisfies readonly (keyof SpaceMeasures)[];

/**
 * Takes what a network looked at question by question, and gives its measures. Maps are judged at once and not kept; of attention a list of seconds
 * is kept for each question, as it is judged by the needed seconds of other videos too.
 */
export class GroundingMeter {
  private readonly series = new Map<string, { -readonly [Kind in keyof Omit<Series, 'id'>]: Series[Kind] }>();
  private readonly attention = new Map<string, (Float32Array | undefined)[]>(); // 'visual', 'visual/head1' -> [questions]

  /** `threshold`: the network's own on its maps, in units of the uniform share. */
  constructor(
    private readonly questions: readonly Question[],
    private readonly truth: Pick<TruthFile, 'file' | 'truths'> | undefined,
    private readonly threshold: number,
  ) {}

  /** `index`: of the question. Throws TruthError if the truth has another number of segments than the network, or regions are no square grid. */
  add(index: number, { attention, attentionByHead, maps, grid }: Looked): void {
    for (const half of HALVES) {
      const [shares, ofHeads] = [attention?.[half], attentionByHead?.[half]];
      if (shares === undefined) continue;
      this.keep(half, index, shares);
      if (ofHeads === undefined) continue;
      const time = shares.length;
      const heads = ofHeads.length / time;
      let weight = 0;
      for (let head = 0; head < heads; head++) {
        const ofHead = ofHeads.subarray(head * time, (head + 1) * time);
        const ownWeight = ofHead.reduce((sum, share) => sum + share, 0);
        weight += ownWeight / heads;
        this.keep(`${half}/head${head + 1}`, index, ofHead);
        this.valuesOf(`attention/${half}/head${head + 1}/weight`)[index] = ownWeight;
      }
      this.valuesOf(`attention/${half}/weight`)[index] = weight;
    }
    if (maps && grid) this.judgeMaps(index, maps, grid);
  }

  /** The measures of all questions that were added; none where the network looks at nothing. */
  finish(): Series[] {
    this.judgeAttention();
    return [...this.series].map(([id, arrays]) => ({ id, ...arrays }));
  }

  private keep(lane: string, index: number, shares: Float32Array): void {
    let kept = this.attention.get(lane);
    if (kept === undefined) this.attention.set(lane, (kept = new Array<Float32Array | undefined>(this.questions.length).fill(undefined)));
    kept[index] = shares.slice();
    this.valuesOf(`attention/${lane}/entropy`)[index] = relativeEntropy(shares);
  }

  private judgeMaps(index: number, maps: NonNullable<Looked['maps']>, [time, regions]: NonNullable<Looked['grid']>): void {
    const boxes = this.truth?.truths.get(this.questions[index].id)?.boxes;
    if (boxes === undefined) return;
    if (boxes.length !== time || !Number.isInteger(Math.sqrt(regions)))
      this.refuse(index, 'boxes', boxes.length, `maps over ${time} segments with ${regions} regions each`);
    for (const name of MAPS) {
      const map = maps[name];
      if (map === undefined) continue;
      const judged = name === 'audio' ? boxes.map((ofSegment) => ofSegment.filter(({ sounding }) => sounding)) : boxes;
      const measures = spaceMeasures(map, judged, this.threshold);
      if (measures === undefined) continue;
      for (const measure of SPACE_MEASURES) {
        const id = `space/${name}/${measure}`;
        this.valuesOf(id)[index] = measures[measure];
        this.valuesOf(id, 'chance')[index] = measures.chance;
        this.valuesOf(id, 'oracle')[index] = 1;
      }
    }
  }

  private judgeAttention(): void {
    const judged = this.questions.flatMap(({ id, type, template, videoId }, index) => {
      const needed = this.truth?.truths.get(id)?.needed;
      return canTell(needed) ? [{ index, needed, videoId, group: `${type} ${template}` }] : [];
    });
    const others = new OtherVideos(judged);
    for (const question of judged) {
      const { index, needed } = question;
      const uniform = ranked(new Float32Array(needed.length).fill(1));
      const truth = ranked(Array.from(needed, Number));
      const attentions = [...this.attention].flatMap(([lane, ofQuestions]) => {
        const shares = ofQuestions[index];
        if (shares === undefined) return [];
        if (shares.length !== needed.length) this.refuse(index, 'needed', needed.length, `an attention over ${shares.length}`);
        return [{ lane, attention: ranked(shares) }];
      });
      for (const measure of timeMeasures) {
        const of = TIME_MEASURES[measure];
        const oracleAgainst = others.mean(measure, truth, question);
        if (Number.isNaN(oracleAgainst)) continue; // no other video of its template
        const bounds = { chance: of(uniform, needed), oracle: of(truth, needed), oracleAgainst };
        for (const { lane, attention } of attentions) {
          const cells = { values: of(attention, needed), against: others.mean(measure, attention, question), ...bounds };
          for (const [kind, cell] of Object.entries(cells))
            this.valuesOf(`time/${lane}/${measure}`, kind as keyof typeof cells)[index] = cell;
        }
      }
    }
  }

  private valuesOf(id: string, kind: keyof Omit<Series, 'id'> = 'values'): Float64Array {
    let series = this.series.get(id);
    if (series === undefined) this.series.set(id, (series = { values: notJudged(this.questions.length) }));
    return (series[kind] ??= notJudged(this.questions.length));
  }

  private refuse(index: number, key: string, segments: number, found: string): never {
    throw new TruthError(
      `${this.truth!.file}: question ${this.questions[index].id} has ${segments} segments in ${key}, the network has ${found}. ` +
        'Expected as many segments as the features have (features.segments), and regions in a square grid',
    );
  }
}
