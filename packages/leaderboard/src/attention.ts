import type { AttentionEntropy, Leaderboard } from './leaderboard';
import { decimals } from './numbers';

export const ATTENTION_TITLE = 'Attention in time';
export const ATTENTION_NOTE =
  "Entropy in nats of the question's attention to each modality's segments: 0 is one segment, the logarithm of their number all alike (ten: 2.30).\nMean over the training questions of the scored epoch; several seeds as mean ± standard deviation.";

/** A line for each method whose networks attend to both modalities: its name and both entropies as they are shown. */
export function attentionLines({ methods }: Pick<Leaderboard, 'methods'>): { name: string; visual: string; audio: string }[] {
  return methods.flatMap(({ name, runs }) => {
    const known = runs.flatMap(({ attention }) => attention ?? []);
    if (known.length === 0) return [];
    const shown = (half: keyof AttentionEntropy): string => spread(known.map((entropies) => entropies[half]));
    return [{ name, visual: shown('visual'), audio: shown('audio') }];
  });
}

function spread(values: readonly number[]): string {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length === 1) return decimals(mean);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return `${decimals(mean)} ± ${decimals(Math.sqrt(squares / (values.length - 1)))}`;
}
