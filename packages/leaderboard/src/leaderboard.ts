/** Percent with two decimals is what is shown; here stand whole numbers and unrounded percent. */
export interface Leaderboard {
  readonly title: string;
  readonly created: string; // ISO 8601, UTC
  readonly dataset: {
    readonly name: string;
    readonly split: 'val' | 'test';
    readonly digest: string; // sha256 of the split's annotation file
    readonly questions: number;
    readonly videos: number;
  };
  readonly columns: readonly LeaderboardColumn[]; // in the field's order, then the extra ones
  readonly methods: readonly MethodRow[]; // by All, the best first
  readonly reference: string | null; // id of the method that the others are compared with
  readonly referenceBy: 'name' | 'sweep' | 'best' | null; // asked for, the first cell of the sweep, or the best over all as nothing was asked for
  readonly priors: readonly PriorRow[];
  readonly published: readonly PublishedRow[];
  readonly bootstrap: { readonly resamples: number; readonly seed: number };
  readonly leftOut: readonly { readonly run: string; readonly reason: string }[];
}

export interface LeaderboardColumn {
  readonly id: string; // `A-Count`, `A-Avg`, `All`, `disjoint`, `head`, `tail`
  readonly header: string;
  readonly group: 'Audio' | 'Visual' | 'Audio-Visual' | 'All' | 'extra';
  readonly description: string;
  readonly total: number; // questions; 0: none of this kind, no figures
}

/** Accuracy of one method in one column, in percent. */
export interface Figure {
  readonly mean: number; // over seeds
  readonly deviation: number | null; // of a sample (n - 1); null for one seed
  readonly low: number; // 95 % interval, bootstrap over videos
  readonly high: number;
}

/** A method beside the reference on the same questions, seeds paired; in points of percent. */
export interface Difference {
  readonly difference: number; // method minus reference, of the means over paired seeds
  readonly low: number; // 95 % interval, paired bootstrap over videos
  readonly high: number;
  readonly p: number; // of that bootstrap, two-sided; not below what as many coins as differing videos give
  readonly adjusted: number; // p after Holm's correction
  readonly pairs: readonly number[]; // of each pair of seeds, in points
  readonly mcnemar: readonly number[]; // exact p of each pair of seeds; of each pair of runs where one side has no seeds
}

export interface MethodRow {
  readonly id: string; // of the configuration without its seed
  readonly name: string;
  readonly experiment: string;
  readonly changes: readonly { readonly key: string; readonly reference: string; readonly here: string }[]; // against the reference
  readonly overrides: readonly string[]; // words that made its runs besides the experiment's name and the seed
  readonly runs: readonly RunRow[]; // by seed
  readonly figures: Readonly<Record<string, Figure>>; // by column id
  readonly against: Readonly<Record<string, Difference>> | null; // null for the reference and where no seed is shared; no key where no question is
}

/** A run, or a predictions file of another program: of that no seed, code, engine and epoch are known. */
export interface RunRow {
  readonly id: string; // of the run; else the file, without folders outside of the working one
  readonly seed: number | null;
  readonly code: string | null; // commit, with `+` where files differed from it
  readonly engine: string | null;
  readonly epoch: number | null; // whose parameters were scored
  readonly curve: readonly { readonly epoch: number; readonly accuracy: number }[]; // val, over all questions
  readonly attention: AttentionEntropy | null; // null: not known, or the network does not attend to both
  readonly figures: Readonly<Record<string, number>>; // by column id
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

/** A row of a paper, of its authors' code and data: not measured here. */
export interface PublishedRow {
  readonly name: string;
  readonly source: string; // where the figures were read
  readonly note: string; // data release, what is missing
  readonly figures: Readonly<Record<string, number>>; // columns that the source has
}
