const path = require('node:path');

const bin = path.join(__dirname, 'bin.cjs');

/** Options by command, as they are typed. */
const options = {
  train: ['--exp=', '--resume', '--resume=', '--cfg', '--resolve', '--info=defaults', '-m', '--help'],
  sweep: [
    '--exp=',
    '--dry-run',
    '--status',
    '--status=',
    '--resume',
    '--resume=',
    '--retry=',
    '--fail-fast',
    '--only=',
    '--jobs=',
    '--help',
  ],
  evaluate: ['--run=', '--split=val', '--split=test', '--help'],
  compare: ['--runs=', '--with=', '--help'],
  leaderboard: [
    '--exp=',
    '--sweep=',
    '--runs=',
    '--split=val',
    '--split=test',
    '--reference=',
    '--resamples=',
    '--published',
    '--out=',
    '--title=',
    '--help',
  ],
  score: ['--predictions=', '--split=val', '--split=test', '--answers=', 'dataset.root=', '--help'],
};

/**
 * What the last word may become. `words` follow `tass` on the command line, the last one up to the cursor; a candidate that ends with `=`
 * or `.` goes on. Nothing where a file of the experiments is wrong: running the command says what.
 */
function complete(words, known) {
  const current = words.at(-1) ?? '';
  if (words.length <= 1) return [...Object.keys(known), 'completion', 'help'].filter((name) => name.startsWith(current));
  try {
    return [...new Set(candidates(words[0], words.slice(1, -1), current))].filter((word) => word.startsWith(current)).sort();
  } catch {
    return [];
  }
}

function candidates(command, before, current) {
  const forOptions = options[command] ?? ['--help'];
  if (!['train', 'sweep'].includes(command)) return forOptions;
  const { projectSettings, listExperiments } = require('@tass/config');
  const { experiments: root } = projectSettings();
  const [, option, sign, word] = /^(--exp=|--experiment=)?(\+\+|\+|~)?(.*)$/s.exec(current);
  if (option) return listExperiments(root).map((name) => `${option}${name}`);
  if (current.startsWith('-')) return forOptions;
  const name = before.map((one) => /^--exp(?:eriment)?=(.+)$/.exec(one)?.[1]).find((one) => one !== undefined);
  const settings = [...groupWords(root, word), ...(name ? keyWords(root, name, word) : [])].map((one) => `${sign ?? ''}${one}`);
  return current === '' ? [...forOptions, ...settings] : settings;
}

/** `model=` while the group is typed, then its options. */
function groupWords(root, word) {
  const { readdirSync } = require('node:fs');
  const { listOptions } = require('@tass/config');
  const at = word.indexOf('=');
  if (at >= 0) return listOptions(root, word.slice(0, at)).map((option) => `${word.slice(0, at)}=${option}`);
  const folders = readdirSync(root, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && listOptions(root, entry.name).length > 0,
  );
  return folders.map(({ name }) => `${name}=`);
}

/** Keys of the experiment, one level at a time: `model.` , `model.dim=`. */
function keyWords(root, name, word) {
  if (word.includes('=')) return [];
  const { composeExperiment } = require('@tass/config');
  const above = word.split('.').slice(0, -1);
  const map = above.reduce((value, key) => (isMap(value) ? value[key] : undefined), composeExperiment({ root, name }).config);
  return isMap(map) ? Object.entries(map).map(([key, value]) => `${[...above, key].join('.')}${isMap(value) ? '.' : '='}`) : [];
}

const isMap = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a shell has to read once; undefined for a shell that is not known. */
const completionScript = (shell) => scripts[shell]?.replaceAll('BIN', `node ${JSON.stringify(bin)}`);

const scripts = {
  // Bash takes `=` for the end of a word, so the words are read from the line itself, and what stands before the `=` is taken off again.
  bash: `command -v tass >/dev/null || tass() { BIN "$@"; }
_tass() {
  local line="\${COMP_LINE:0:COMP_POINT}" words current
  read -ra words <<<"$line"
  [[ $line == *" " ]] && words+=("")
  current="\${words[-1]}"
  mapfile -t COMPREPLY < <(BIN complete "\${words[@]:1}" 2>/dev/null)
  [[ $current == *=* && $COMP_WORDBREAKS == *=* ]] && COMPREPLY=("\${COMPREPLY[@]#"\${current%"\${current##*=}"}"}")
  [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *[=.] ]] && compopt -o nospace 2>/dev/null
  return 0
}
complete -F _tass tass`,
  zsh: `(( $+commands[tass] )) || tass() { BIN "$@"; }
_tass() {
  local -a found
  found=("\${(@f)$(BIN complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  compadd -Q -S '' -- $found
}
compdef _tass tass`,
  fish: `type -q tass; or function tass; BIN $argv; end
complete -c tass -f -a '(set -l words (commandline -opc) (commandline -ct); BIN complete $words[2..-1] 2>/dev/null)'`,
};

module.exports = { complete, completionScript };
