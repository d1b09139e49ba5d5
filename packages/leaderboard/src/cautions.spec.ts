import { cautions } from './cautions';
import { smallLeaderboard } from './fixtures/small-leaderboard';
import type { Difference } from './leaderboard';
import { renderLatex, renderMarkdown, renderPage, renderText, type Leaderboard } from './index';

const [reference, theirs] = smallLeaderboard.methods;
const difference = theirs.against?.All as Difference;
const about = (changes: Partial<Leaderboard>): string[] => cautions({ ...smallLeaderboard, ...changes });
/** Another method of the seeds 1 to `seeds`, of which `pairs` are compared. */
const method = (name: string, seeds: number, pairs: number): Leaderboard['methods'][number] => ({
  ...theirs,
  ...{ id: name, name },
  runs: Array.from({ length: seeds }, (_, at) => ({ ...theirs.runs[0], seed: at + 1 })),
  against: pairs === 0 ? null : { All: { ...difference, pairs: Array<number>(pairs).fill(-1) } },
});

it('has nothing to say of a reference that was named, many videos and shared seeds', () => {
  expect(about({})).toEqual([]);
  expect(about({ methods: [reference, method('shared', 2, 2)] })).toEqual([]);
  expect(about({ methods: [], reference: null, priors: [{ name: 'majority', figures: { All: 30 } }] })).toEqual([]);
});

it('tells of a reference that was chosen on these questions', () => {
  expect(about({ referenceBy: 'best' })).toEqual([
    expect.stringMatching(/^The reference was not named beforehand: .* --reference=NAME\.$/),
  ]);
  expect(about({ referenceBy: 'best', methods: [reference] })).toEqual([]);
});

it('tells which methods share some seeds, one, or none with the reference', () => {
  const methods = [reference, method('three', 3, 2), method('one', 1, 1), method('apart', 2, 0)];
  expect(about({ methods })).toEqual([
    'Not compared: no seed is shared with the reference: apart.',
    'Compared over the seeds shared with the reference only, so the difference is not that of the means shown: three; one.',
    'Compared over one pair of runs, so a mark does not cover retraining: one.',
  ]);
  const many = Array.from({ length: 7 }, (_, at) => method(`m${at}`, 2, 0));
  expect(about({ methods: [reference, ...many] })).toEqual([expect.stringMatching(/: m0; m1; m2; m3 and 3 more\.$/)]);
});

it('tells of resamples that cannot show any difference, over all or in a type', () => {
  const types = ['A-Count', 'A-Comp'].map((id) => ({ ...smallLeaderboard.columns[0], id }));
  const columns = [...types, ...smallLeaderboard.columns];
  const methods = [reference, ...Array.from({ length: 3 }, (_, at) => method(`m${at}`, 2, 2))];
  const of = (resamples: number): string[] => about({ columns, methods, bootstrap: { resamples, seed: 1 } });
  // 2 / (n + 1) * 3 methods < 0.05 from n = 120 on; with 2 types from 240 on
  expect(of(240)).toEqual([]);
  expect(of(239)).toEqual([
    "With 239 resamples no difference in a type can be significant after Holm's correction, however large it is: use --resamples=240 or compare fewer methods.",
  ]);
  expect(of(120)[0]).toContain('120 resamples no difference in a type can');
  expect(of(119)[0]).toContain('119 resamples no difference can');
  const page = (resamples: number): string => renderPage({ ...smallLeaderboard, columns, methods, bootstrap: { resamples, seed: 1 } });
  expect(page(120)).toContain('Of 3 methods compared');
  expect(page(119)).not.toContain('Of 3 methods compared'); // it would claim that none is worse
});

it('tells of few videos, and of rules that are better than every method', () => {
  expect(about({ dataset: { ...smallLeaderboard.dataset, videos: 2 } })).toEqual([
    '2 videos: too few for a bootstrap, so the intervals are too narrow.',
  ]);
  const priors = [52.5, 60, 52].map((All, at) => ({ name: `rule ${at}`, figures: { All } }));
  expect(about({ priors })).toEqual(['No method is right as often as a rule that neither looks nor listens: rule 1, 60.00 %.']);
});

it('stands in every form that is read', () => {
  const few = { ...smallLeaderboard, dataset: { ...smallLeaderboard.dataset, videos: 2 } };
  for (const render of [renderText, renderMarkdown, renderLatex, renderPage]) expect(render(few)).toContain('2 videos: too few');
});
