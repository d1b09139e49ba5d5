/** Runs that are left out of a leaderboard, and why. */
export interface LeftOut {
  readonly run: string;
  readonly reason: string;
}

/** A run, or a `part` of one, that is left out because of an error. Pages are shared, so the run's id replaces the folder. */
export const leftOutBy = (error: Error, folder: string, id: string, part?: string): LeftOut => ({
  run: id,
  reason: `${part ? `${part}: ` : ''}${error.message.replaceAll(folder, id)}`,
});
