/** A line for the person who watches, to standard error: results go to standard output. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
