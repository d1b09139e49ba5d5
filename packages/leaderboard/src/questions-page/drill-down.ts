/** The content of the page of questions: the questions of a leaderboard, one by one, with the answers of its methods. */
export interface DrillDown {
  readonly title: string; // the leaderboard's
  readonly dataset: string; // 'MUSIC-AVQA'
  readonly split: 'val' | 'test';
  readonly answers: readonly string[]; // by index
  readonly templates: readonly { readonly type: string; readonly template: string }[]; // of the leaderboard, in its order
  readonly questions: readonly AskedQuestion[];
  readonly methods: readonly MethodAnswers[]; // the best first
}

interface AskedQuestion {
  readonly id: number;
  readonly videoId: string;
  readonly text: string; // without the question mark
  readonly template: number; // index in `templates`
  readonly answer: number; // the right one
}

export interface MethodAnswers {
  readonly name: string;
  readonly runs: readonly { readonly id: string; readonly isHere: boolean; readonly answers: Uint8Array }[]; // answers [questions]; isHere: a run of this project
}

/** Selects what the page of questions shows: the fragment of its address. */
export const placeOf = (shown: { readonly type: string } | { readonly template: number }): string =>
  'type' in shown ? `#type=${encodeURIComponent(shown.type)}` : `#template=${shown.template}`;
