/** Throws where the libraries cannot run. */
export function expectLinux(): void {
  if (process.platform === 'linux' && process.arch === 'x64') return;
  throw new Error(
    `the libraries are for Linux on x64, this is ${process.platform} on ${process.arch}. Other engines run here: docs/engines.md`,
  );
}
