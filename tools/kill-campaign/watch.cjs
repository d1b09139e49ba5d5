// Loaded into each program of the disturbed project: notes in the file TASS_CAMPAIGN_WATCH which process writes the journal of which run.
const fs = require('node:fs');
const path = require('node:path');

const { openSync, appendFileSync, readlinkSync } = fs;
const writer = `${readlinkSync('/proc/self/ns/pid')}/${process.pid}/${Math.round(performance.timeOrigin)}`; // process ids are reused

fs.openSync = (file, flags, ...rest) => {
  const descriptor = openSync(file, flags, ...rest);
  const isJournal = flags === 'a' && path.basename(String(file)) === 'metrics.jsonl';
  if (isJournal) appendFileSync(process.env.TASS_CAMPAIGN_WATCH, `${JSON.stringify({ run: path.dirname(file), writer })}\n`);
  return descriptor;
};
