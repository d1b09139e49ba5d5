/** Means of each draw of the videos, sorted: `sums` and `counts` are of each video. A draw without a count does not count. */
export function resampledMeans(sums: readonly number[], counts: readonly number[], draws: readonly Uint16Array[]): Float64Array {
  const means = new Float64Array(draws.length);
  let drawn = 0;
  for (const weights of draws) {
    let [sum, count] = [0, 0];
    for (let video = 0; video < sums.length; video++) {
      sum += weights[video] * sums[video];
      count += weights[video] * counts[video];
    }
    if (count > 0) means[drawn++] = sum / count;
  }
  return means.subarray(0, drawn).sort();
}
