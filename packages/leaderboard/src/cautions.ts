import type { Leaderboard, MethodRow } from './leaderboard';
import { counted, decimals } from './numbers';
import { referenceOf } from './reference';
import { neededResamples } from './significance';

const FEW_VIDEOS = 30;

/** What a reader of these figures would misread: plain sentences, possibly none. */
export function cautions(leaderboard: Leaderboard): string[] {
  return [...ofTheReference(leaderboard), ...ofTheResamples(leaderboard), ...ofTheVideos(leaderboard), ...ofTheRules(leaderboard)];
}

function ofTheReference(leaderboard: Leaderboard): string[] {
  const reference = referenceOf(leaderboard);
  if (!reference) return [];
  const others = leaderboard.methods.filter((method) => method !== reference);
  const compared = others.filter(({ against }) => against !== null);
  const pairsOf = ({ against }: MethodRow): number => against?.All?.pairs.length ?? 0;
  const partly = compared.filter(
    (method) =>
      [method, reference].every(({ runs }) => runs.every(({ seed }) => seed !== null)) &&
      pairsOf(method) < Math.max(method.runs.length, reference.runs.length),
  );
  const once = compared.filter((method) => pairsOf(method) === 1);
  const sentences: (readonly [readonly MethodRow[], string])[] = [
    [others.filter(({ against }) => against === null), 'Not compared: no seed is shared with the reference'],
    [partly, 'Compared over the seeds shared with the reference only, so the difference is not that of the means shown'],
    [once, 'Compared over one pair of runs, so a mark does not cover retraining'],
  ];
  return [
    ...(leaderboard.referenceBy === 'best' && compared.length > 0
      ? [
          `The reference was not named beforehand: it is the best on these questions, partly by luck, so differences from it look larger than on other questions. To name one: --reference=NAME.`,
        ]
      : []),
    ...sentences.filter(([methods]) => methods.length > 0).map(([methods, what]) => `${what}: ${listed(methods)}.`),
  ];
}

function ofTheResamples(leaderboard: Leaderboard): string[] {
  const { resamples } = leaderboard.bootstrap;
  const { all, types } = neededResamples(leaderboard);
  if (resamples >= Math.max(all, types)) return [];
  const what = resamples < all ? 'no difference' : 'no difference in a type';
  return [
    `With ${resamples} resamples ${what} can be significant after Holm's correction, however large it is: use --resamples=${Math.max(all, types)} or compare fewer methods.`,
  ];
}

const ofTheVideos = ({ dataset: { videos } }: Leaderboard): string[] =>
  videos < FEW_VIDEOS ? [`${counted(videos, 'video')}: too few for a bootstrap, so the intervals are too narrow.`] : [];

function ofTheRules({ methods, priors }: Leaderboard): string[] {
  const best = Math.max(...methods.map(({ figures }) => figures.All?.mean ?? -Infinity));
  const above = priors.filter(({ figures }) => figures.All > best);
  const strongest = above.reduce((one, other) => (other.figures.All > one.figures.All ? other : one), above[0]);
  return methods.length > 0 && strongest
    ? [`No method is right as often as a rule that neither looks nor listens: ${strongest.name}, ${decimals(strongest.figures.All)} %.`]
    : [];
}

const NAMED = 4;
const listed = (methods: readonly MethodRow[]): string =>
  methods.slice(0, NAMED).map(({ name }) => name).join('; ') + (methods.length > NAMED ? ` and ${methods.length - NAMED} more` : ''); // prettier-ignore
