/** Percent is shown with two decimals; these are counts and unrounded percent. */
export interface Leaderboard {
  readonly title: string;
  readonly created: string; // ISO 8601, UTC
  readonly dataset: {
    readonly name: string;
    readonly label: string; // heads its columns in a table of several test sets
    readonly split: 'val' | 'test';
    readonly digest: string; // sha256 of the split's annotation file
    readonly questions: number;
    readonly videos: number;
  };
  readonly columns: readonly LeaderboardColumn[]; // in the field's order, then the extra ones
  readonly methods: readonly MethodRow[]; // by All, the best first
  readonly reference: string | null; // id of the method that the others are compared with
  readonly referenceBy: 'name' | 'sweep' | 'best' | null; // named, the first cell of the sweep, or the best over all if none was named
  readonly priors: readonly PriorRow[];
  readonly published: readonly PublishedRow[];
  readonly publishedOn: PublishedOn | null; // the questions of this page, as published rows name them; null: there can be none
  readonly publishedRemark: string | null; // why none is on this page's questions; null where one is, or none was looked for
  readonly groundingBounds: Readonly<Record<string, GroundingBounds>>; // by measure; no key where none is known
  readonly templates: readonly TemplateRow[]; // in the order of the types
  readonly answers: readonly string[]; // that `confusion` names by their index
  readonly tests: readonly TestSet[]; // other test sets that these methods answered as well; none: not asked for
  readonly bootstrap: { readonly resamples: number; readonly seed: number };
  readonly leftOut: readonly { readonly run: string; readonly reason: string }[];
}

export interface LeaderboardColumn {
  readonly id: string; // `A-Count`, `A-Avg`, `All`, `disjoint`, `head`, `tail`
  readonly header: string;
  readonly group: string; // a modality, 'All' or 'extra'; in a table of several test sets the test set
  readonly description: string;
  readonly total: number; // questions; 0: none of this kind, no figures
}

/** The methods' accuracy on the test of another benchmark, or on a half of it. */
export interface TestSet {
  readonly id: string; // 'music-avqa-r', 'music-avqa-r-head'
  readonly label: string; // 'R', 'R, head'
  readonly name: string; // of the benchmark, with what was left out
  readonly digest: string; // sha256 of its annotation file or files
  readonly questions: number;
  readonly videos: number;
  readonly columns: readonly LeaderboardColumn[]; // the field's
  readonly methods: Readonly<Record<string, TestFigures>>; // by id; no key where no run has answered
  readonly priors: readonly PriorRow[]; // of the same rules as those of the page
  readonly published: readonly PublishedRow[]; // on these very questions
}

/** A method on another test set. Intervals, p and Holm's families are of this test set alone. */
export interface TestFigures {
  readonly figures: MethodRow['figures'];
  readonly runs: Readonly<Record<string, RunRow['figures']>>; // by the run's id; no key where it has not answered
  readonly against: MethodRow['against']; // also null where the reference has not answered
}

/** The questions of one type that a template made. */
interface TemplateRow {
  readonly type: string; // id of its column
  readonly template: string;
  readonly total: number; // questions
}

/** Accuracy of one method in one column, in percent. */
export interface Figure {
  readonly mean: number; // over seeds
  readonly deviation: number | null; // of a sample (n - 1); null for one seed
  readonly low: number; // 95 % interval, bootstrap over videos
  readonly high: number;
}

/** A method compared with the reference on the same questions, seeds paired; in points of percent. */
export interface Difference {
  readonly difference: number; // method minus reference, of the means over paired seeds
  readonly low: number; // 95 % interval, paired bootstrap over videos
  readonly high: number;
  readonly p: number; // of that bootstrap, two-sided; at least that of a test with as many coins as differing videos
  readonly adjusted: number; // p after Holm's correction
  readonly pairs: readonly number[]; // of each pair of seeds, in points
  readonly mcnemar: readonly number[]; // exact p of each pair of seeds; of each pair of runs where one side has no seeds
}

/** A measure of a uniform attention or map and of the truth, as shares. */
interface GroundingBounds {
  readonly uniform: number;
  readonly truth: number;
}

/** A measure of where and when a method looks, as a share, not in percent. */
interface GroundingFigure extends Figure {
  readonly against: Omit<Difference, 'mcnemar'> | null; // as for accuracies; null for the reference and where nothing is shared with it
}

export interface MethodRow {
  readonly id: string; // of the configuration without its seed
  readonly name: string;
  readonly experiment: string;
  readonly changes: readonly { readonly key: string; readonly reference: string; readonly here: string }[]; // against the reference
  readonly overrides: readonly string[]; // words that made its runs besides the experiment's name and the seed
  readonly runs: readonly RunRow[]; // by seed
  readonly figures: Readonly<Record<string, Figure>>; // by column id
  readonly templates: readonly number[]; // accuracy in percent of each of the leaderboard's templates, mean over runs
  readonly grounding: Readonly<Record<string, GroundingFigure>>; // by measure, such as `visual/hitOverOthers`; no key where no run has it
  readonly confusion: readonly Confused[]; // over all runs, the most frequent first
  readonly against: Readonly<Record<string, Difference>> | null; // null for the reference and where no seed is shared; no key where no question is
  /**
   * The effect on All of each alteration of the grounding at test, over the runs for which it was measured; undefined if none. And, in points of
   * probability, areas under curves of deletion and insertion minus that of random order.
   */
  readonly use?: { readonly runs: number; readonly differences: Readonly<Record<string, Difference>> };
}

/** How often an answer was given to questions with a certain right answer, which may be the same; indices in `answers`. */
export type Confused = readonly [right: number, given: number, count: number];

/** A run, or a predictions file of another program, which has no known seed, code, engine or epoch. */
export interface RunRow {
  readonly id: string; // of the run; else the file, without folders outside of the working one
  readonly seed: number | null;
  readonly code: string | null; // commit, with `+` where files differed from it
  readonly engine: string | null;
  readonly epoch: number | null; // whose parameters were scored
  readonly curve: readonly { readonly epoch: number; readonly accuracy: number }[]; // val, over all questions
  readonly attention: AttentionEntropy | null; // null: not known, or the network does not attend to both
  readonly grounding: Readonly<Record<string, number>>; // by measure, as a share
  readonly cost: RunCost;
  readonly calibration: readonly CalibrationBin[] | null; // null: its predictions have no probabilities
  readonly folder: string | null; // from the project's folder, with slashes; null: outside the project, or no run folder
  readonly figures: Readonly<Record<string, number>>; // by column id
}

/** The cost of a run. Null: unknown, as for another program's predictions. */
export interface RunCost {
  readonly parameters: number | null; // trained numbers
  readonly trainingSeconds: number | null; // of the steps, without scoring and without the pauses of a resumed run
  readonly peakMegabytes: number | null; // MiB that the training process held resident
}

/** The answers whose probability is in one of equal parts of 0 to 1. */
export interface CalibrationBin {
  readonly count: number;
  readonly right: number;
  readonly confidence: number; // sum of the probabilities of the answers given
}

/**
 * How spread out in time the question's attention to each modality is: entropy in nats, from 0 (one segment) to the logarithm of the number of
 * segments (all alike); mean over the training questions of the scored epoch.
 */
export interface AttentionEntropy {
  readonly visual: number;
  readonly audio: number;
}

/** A rule that learns nothing but how frequent answers are. */
export interface PriorRow {
  readonly name: string;
  readonly figures: Readonly<Record<string, number>>;
}

/** The questions of a published row. Rows on other questions are not compared. */
export interface PublishedOn {
  readonly dataset: string; // 'MUSIC-AVQA'
  readonly questions: string; // version and file: 'json_update/avqa-test.json', or what is known of them
}

/** A row of a paper, of its authors' code and data: not measured here. */
export interface PublishedRow extends PublishedOn {
  readonly name: string;
  readonly source: string; // where the figures were read
  readonly protocol: string; // how the epoch was chosen, how many runs; '' if the source does not state it
  readonly note: string; // what is missing or odd; may be empty
  readonly figures: Readonly<Record<string, number>>; // columns that the source has
}
