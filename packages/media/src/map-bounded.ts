/** Files of one video that are open at once; some systems allow a process no more than 256. */
export const filesAtOnce = 16;

/** The results of `work` on all items, in their order, at most `atOnce` at a time. The first error ends it once what was begun has ended. */
export async function mapBounded<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  const queue = items.entries();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (failed) return;
      try {
        results[index] = await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  const refused = ends.find((end) => end.status === 'rejected');
  if (refused) throw refused.reason;
  return results;
}
