/** What has no place on a leaderboard, and why. */
export interface LeftOut {
  readonly run: string;
  readonly reason: string;
}

/** A run, or `part` of one, that an error keeps off. Pages are passed on: the folder of this machine becomes the run's id. */
export const leftOutBy = (error: Error, folder: string, id: string, part?: string): LeftOut => ({
  run: id,
  reason: `${part ? `${part}: ` : ''}${error.message.replaceAll(folder, id)}`,
});
