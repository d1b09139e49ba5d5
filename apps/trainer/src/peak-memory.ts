import { readFileSync } from 'node:fs';

/**
 * The peak resident memory of this process so far, in MiB. On Linux it comes from the process's own memory map, because resourceUsage
 * starts from the peak of the parent process.
 */
export function peakMemoryMegabytes(): number {
  try {
    const [, kilobytes] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    if (kilobytes !== undefined) return Number(kilobytes) / 1024;
  } catch {
    // another system than Linux
  }
  return process.resourceUsage().maxRSS / 1024;
}
