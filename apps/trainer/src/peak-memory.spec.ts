import { peakMemoryMegabytes } from './peak-memory';

it('grows with what the process holds, and stays when that is gone', () => {
  const before = peakMemoryMegabytes();
  const held: Buffer[] = []; // in pieces, as the collector may free other memory meanwhile
  while (peakMemoryMegabytes() <= before + 32 && held.length * 64 < before + 256) held.push(Buffer.alloc(64 * 2 ** 20, 1));
  const peak = peakMemoryMegabytes();
  expect(peak).toBeGreaterThan(before + 32);
  held.length = 0;
  expect(peakMemoryMegabytes()).toBeGreaterThan(peak - 1); // the kernel counts in batches of pages
});
