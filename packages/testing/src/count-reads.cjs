// Loaded before a program: counts its reads of annotation files and feature stores' manifests, and prints the count on standard error at
// the end.
const fs = require('node:fs');
const path = require('node:path');

const counts = {};
let inside = false; // of a call that may open the file by the other function
for (const name of ['readFileSync', 'openSync']) {
  const read = fs[name];
  fs[name] = function count(file, ...rest) {
    const text = String(file);
    const isAsked = /^avqa-\w+\.json(\.gz)?$/.test(path.basename(text)) || /features.*manifest\.json$/.test(text);
    if (isAsked && !inside) counts[path.basename(text)] = (counts[path.basename(text)] ?? 0) + 1;
    const wasInside = inside;
    inside = true;
    try {
      return read.call(this, file, ...rest);
    } finally {
      inside = wasInside;
    }
  };
}
process.on('exit', () => console.error(`reads ${JSON.stringify(counts)}`));
