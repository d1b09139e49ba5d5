/** Times in files are rounded to millionths, and so is the start that is taken from them. */
const rounding = 2e-6;

/**
 * Which image is on screen at each second from 0 until `end`: the last one whose time is not after the second; before the first, the
 * first. `times` are those of the images as they were decoded, at least one; one that goes back counts as the one before it.
 */
export function chooseImages(times: readonly number[], end: number): number[] {
  let latest = -Infinity;
  const shown = times.map((time) => (latest = Math.max(latest, time)));
  let image = 0;
  return Array.from({ length: Math.max(1, Math.ceil(end - rounding)) }, (_, second) => {
    while (image + 1 < shown.length && shown[image + 1] <= second + rounding) image++;
    return image;
  });
}
