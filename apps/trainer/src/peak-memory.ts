import { readFileSync } from 'node:fs';

/**
 * The most memory that this process has held resident so far, in MiB. On Linux from its own memory map: what resourceUsage tells begins with
 * the peak of the process that started it.
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
