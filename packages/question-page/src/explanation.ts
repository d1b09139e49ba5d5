/**
 * The content of a question's page: what one or more runs saw, heard and answered. Plain JSON. Shares are from 0 to 1, times are seconds
 * from the video's start, `[segments]` and the like are lengths of lists. Missing parts are null or an empty list, with the reason in
 * `absent`.
 */
export interface Explanation {
  readonly created: string; // ISO 8601
  readonly question: ExplainedQuestion;
  readonly video: ExplainedVideo;
  readonly truth: Truth | null; // where the world knows it
  readonly prior: PriorAnswer | null;
  readonly looks: readonly [Look, ...Look[]]; // one a run, all on the same segments; the first is the one that the page is about
  readonly notices: readonly string[]; // further ones than the page finds in the figures by itself (`noticesOf`)
}

export interface ExplainedQuestion {
  readonly id: string;
  readonly text: string;
  readonly type: string | null; // 'Audio-Visual Counting'
  readonly template: string | null; // slots as written
  readonly split: string | null; // 'test'
  readonly right: string | null; // the right answer, where it is known
}

export interface ExplainedVideo {
  readonly id: string;
  readonly seconds: number; // its length: the page's time axis is 0 to here
  readonly segments: readonly Segment[]; // ordered, at least one
  readonly sound: Sound | null;
  readonly absent: Absent<'frames' | 'sound'>;
}

/** Why a part is not there, as a sentence for the reader: `{ frames: 'The features are here, the frames are not.' }`. */
type Absent<Part extends string> = Readonly<Partial<Record<Part, string>>>;

export interface Segment {
  readonly atSeconds: number; // the second that it stands for, that of its frame; a segment reaches to the next one's
  readonly startSeconds: number; // what the network hears, from here
  readonly endSeconds: number;
  readonly frame: Frame | null;
}

/** What the encoder sees, cropped as it crops: maps and boxes lie on the whole of it. */
interface Frame {
  readonly jpeg: string; // base64; some 384 pixels wide are enough
}

export interface Sound {
  readonly mediaType: string; // 'audio/mp4', 'audio/wav', ...: what browsers play; Chromium refuses less than 8000 samples a second
  readonly bytes: string; // base64 of a file that browsers play
  readonly peaks: readonly number[]; // greatest absolute amplitude of equal stretches of the whole length, 0 to 1; some 600
  readonly mel: MelSpectrogram | null;
}

export interface MelSpectrogram {
  readonly bands: number;
  readonly columns: number; // equal stretches of the whole length
  readonly values: string; // base64 of bytes [columns][bands], lowest band first: 0 is `lowDecibels` and less, 255 `highDecibels`
  readonly lowDecibels: number;
  readonly highDecibels: number;
  readonly lowHertz: number;
  readonly highHertz: number;
}

/** Shares of the frame, from its left and its top. */
interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly sounds: boolean; // in this segment
}

export interface Truth {
  readonly boxes: readonly (readonly Box[])[] | null; // [segments][boxes], of what the question names
  readonly needed: readonly boolean[] | null; // [segments], those that the answer needs
  readonly sounding: readonly boolean[] | null; // [segments], in which what is asked about sounds
}

/** The answer of the rule that only counts training answers. */
export interface PriorAnswer {
  readonly rule: string; // 'the most frequent answer of the template in train'
  readonly answer: string;
  readonly share: number | null; // of this answer among those that the rule counted
}

/** One run on the question. */
export interface Look {
  readonly run: ExplainedRun;
  readonly words: readonly Word[]; // of the question, in order
  readonly answers: readonly AnswerProbability[]; // all that the network chooses from, the most probable first
  readonly attention: readonly ModalityAttention[]; // at most one for each modality
  readonly grid: Grid | null; // of the regions; null if there are no maps
  readonly maps: readonly RegionMap[]; // at most one of each kind
  readonly counterfactuals: readonly Counterfactual[];
  readonly curves: readonly DeletionCurve[];
  readonly absent: Absent<'attention' | 'maps' | 'words' | 'counterfactuals' | 'curves'>;
}

export interface ExplainedRun {
  readonly id: string; // its folder's name
  readonly name: string; // by which the page calls it; unique among the looks
  readonly network: string;
  readonly seed: number | null;
  readonly facts: readonly (readonly [name: string, value: string])[]; // further ones, as written: experiment, commit, accuracy, encoders
}

export interface Word {
  readonly text: string;
  readonly weight: number | null; // its share in the target; null if the network has none
  readonly known: boolean; // false: the run never saw it in training
}

export interface AnswerProbability {
  readonly answer: string;
  readonly probability: number;
}

export type AttendedModality = 'visual' | 'audio';

export interface ModalityAttention {
  readonly modality: AttendedModality;
  readonly mean: readonly number[]; // [segments], over heads, rescaled to sum to 1
  readonly heads: readonly (readonly number[])[]; // [heads][segments], as the network weighs them; empty if it does not give them
  readonly uniformOfHead: number; // the share of each segment in a uniform head: 1 / segments, or 1 / (2 * segments) where a head looks at both modalities
}

interface Grid {
  readonly rows: number;
  readonly columns: number;
}

export type MapKind = 'text' | 'audio' | 'pooled';

export interface RegionMap {
  readonly kind: MapKind; // relevance to the question's target, to the segment's sound, or the shares that pooled the regions
  readonly shares: readonly (readonly number[])[]; // [segments][regions], row by row
  readonly threshold: number | null; // a region with less is cut; the greatest of a segment never is. Null: nothing is cut, or the map is already
}

type CounterfactualKind = 'no-sound' | 'no-picture' | 'shuffled-segments' | 'other-target';

/** The same network on altered input. */
export interface Counterfactual {
  readonly kind: CounterfactualKind;
  readonly name: string; // 'Sound muted', '"violin" replaced by "tuba"'
  readonly method: string | null; // how it was altered, as a sentence
  readonly answers: readonly AnswerProbability[]; // as of the look
}

/** How the answer's probability falls when more and more of the input is taken away. */
export interface DeletionCurve {
  readonly part: 'seconds' | 'regions';
  readonly removed: readonly number[]; // [points], shares of the part that are taken away, ascending from 0
  readonly deletion: readonly number[]; // [points], probability, the most attended first
  readonly random: readonly (readonly number[])[]; // [draws][points], in orders that are drawn
}
