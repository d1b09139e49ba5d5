/** The progress of a cell's run; the caller reads it from its files. */
export interface Reached {
  readonly done: number;
  readonly total: number;
  readonly unit: string; // such as `epochs`
  readonly note: string; // such as `loss 1.234, best 53.20 %`
}

/** The progress of the cell in a folder; undefined if it has no run yet. */
export type ReachedBy = (folder: string) => Reached | undefined;

/** `3/10 epochs, loss 1.234, best 53.20 %` */
export const describeReached = ({ done, total, unit, note }: Reached): string => [`${done}/${total} ${unit}`, note].filter(Boolean).join(', '); // prettier-ignore
