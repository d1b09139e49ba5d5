import type { AttentionEntropy, Leaderboard } from './leaderboard';
import type { MethodFigures } from './method-figures';
import { spread } from './spread';

/** How spread out in time each method's attention is: a line for each method whose networks attend to both modalities. */
export const attentionFigures = ({ methods }: Pick<Leaderboard, 'methods'>): MethodFigures => ({
  title: 'Attention in time',
  note: "The table shows the entropy, in nats, of the question's attention over the segments of each modality.\nThe entropy is 0 if one segment has all the attention, and log n if n segments share the attention equally (2.30 for ten segments).\nAll values are means over the training questions of the scored epoch.",
  headers: ['visual', 'audio'],
  lines: methods.flatMap(({ name, runs }) => {
    const known = runs.flatMap(({ attention }) => attention ?? []);
    if (known.length === 0) return [];
    const shown = (half: keyof AttentionEntropy): string => spread(known.map((entropies) => entropies[half]));
    return [{ name, cells: [shown('visual'), shown('audio')] }];
  }),
});
