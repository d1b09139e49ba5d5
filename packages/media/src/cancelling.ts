const audible = -60; // decibels of full scale
const lost = 30; // decibels

/** Decibels of full scale of a mean square. */
export const decibels = (meanSquare: number): number => 10 * Math.log10(meanSquare);

/** Why the mean of a sound's channels is no sound of them, as where one is the other turned over; undefined if it is. Levels in decibels. */
export function describeCancelling(loudestChannel: number, mean: number): string | undefined {
  if (loudestChannel < audible || mean > loudestChannel - lost) return undefined;
  return `its channels cancel each other out: the loudest has ${loudestChannel.toFixed(0)} dB, their mean ${mean.toFixed(0)} dB. Keep one channel of it`;
}
