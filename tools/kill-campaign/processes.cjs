const { readdirSync, readFileSync, readlinkSync } = require('node:fs');

/** Processes that compute a cell of this project. */
const workersOf = ({ runs }) => processesOf((name) => commandOf(name).includes(`cell\0${runs}`));

/** Processes that run the sweep of this project, without what reads its output. */
const parentsOf = ({ folder }) =>
  processesOf((name) => commandOf(name).startsWith(process.execPath) && commandOf(name).includes('\0sweep\0') && folderOf(name) === folder);

const processesOf = (isOne) => readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isOne(name)).map(Number); // prettier-ignore

function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function parentOf(pid) {
  try {
    return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
  } catch {
    return undefined;
  }
}

function folderOf(pid) {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

/** False if the process has ended. */
function send(pid, signal) {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
    return false;
  }
}

module.exports = { parentOf, parentsOf, send, workersOf };
