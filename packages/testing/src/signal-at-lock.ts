/** A module for `preload` that sends its process SIGTERM at the moment when it locks something with a file of this name. */
export const signalAtLock = (file: string): string => `
  const fs = require('node:fs');
  const { linkSync } = fs;
  fs.linkSync = (from, to) => {
    linkSync(from, to);
    if (require('node:path').basename(to) === ${JSON.stringify(file)}) process.kill(process.pid, 'SIGTERM');
  };`;
