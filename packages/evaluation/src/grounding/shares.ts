/** Shares over positions that sum to 1, or to what a half of an attention holds. */
export type Shares = ArrayLike<number>;

/** Which positions are meant. */
export type Mask = ArrayLike<boolean>;

/** Shares with their positions from the largest share to the smallest: sorted once, judged by many masks. */
export interface RankedShares {
  readonly shares: Shares;
  readonly order: Uint32Array; // [positions]
}

export function ranked(shares: Shares): RankedShares {
  return { shares, order: Uint32Array.from(shares, (_, at) => at).sort((one, other) => shares[other] - shares[one]) };
}

export const countIn = (mask: Mask): number => {
  let count = 0;
  for (let at = 0; at < mask.length; at++) if (mask[at]) count++;
  return count;
};

/** Share of the total that is inside; NaN if the total is 0. */
export function massInside(shares: Shares, mask: Mask): number {
  let [inside, all] = [0, 0];
  for (let at = 0; at < shares.length; at++) {
    all += shares[at];
    if (mask[at]) inside += shares[at];
  }
  return inside / all;
}

/** 1 if the largest share is inside, else 0; of several largest ones the share that is. */
export function largestInside(shares: Shares, mask: Mask): number {
  let [largest, tied, inside] = [-Infinity, 0, 0];
  for (let at = 0; at < shares.length; at++) {
    if (shares[at] > largest) [largest, tied, inside] = [shares[at], 0, 0];
    if (shares[at] !== largest) continue;
    tied++;
    if (mask[at]) inside++;
  }
  return inside / tied;
}

/**
 * Average precision of the shares as a ranking: the sum over distinct shares, from the largest, of the growth of recall times precision.
 * Equal shares enter together, so that a uniform attention has the share of positions that are inside. NaN where none is inside.
 */
export function averagePrecision({ shares, order }: RankedShares, mask: Mask): number {
  let [sum, taken, inside] = [0, 0, 0];
  while (taken < order.length) {
    const share = shares[order[taken]];
    const before = inside;
    for (; taken < order.length && shares[order[taken]] === share; taken++) if (mask[order[taken]]) inside++;
    sum += ((inside - before) * inside) / taken;
  }
  return sum / inside;
}

/** Entropy over that of uniform shares: 1 is uniform, 0 is one position. NaN where there is nothing. */
export function relativeEntropy(shares: Shares): number {
  let [sum, all] = [0, 0];
  for (let at = 0; at < shares.length; at++) {
    all += shares[at];
    if (shares[at] > 0) sum += shares[at] * Math.log(shares[at]);
  }
  return (Math.log(all) - sum / all) / Math.log(shares.length);
}
