// Loaded before a program: counts how often it reads annotation files and manifests of feature stores, and says so on standard error when it ends.
const fs = require('node:fs');
const path = require('node:path');

const counts = {};
const { readFileSync } = fs;
fs.readFileSync = function count(file, ...rest) {
  const text = String(file);
  const isAsked = /^avqa-\w+\.json(\.gz)?$/.test(path.basename(text)) || /features.*manifest\.json$/.test(text);
  if (isAsked) counts[path.basename(text)] = (counts[path.basename(text)] ?? 0) + 1;
  return readFileSync.call(this, file, ...rest);
};
process.on('exit', () => console.error(`reads ${JSON.stringify(counts)}`));
