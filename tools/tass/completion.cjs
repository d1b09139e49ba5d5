const path = require('node:path');

/** What the last of `words`, those after `tass` up to the cursor, may become. Nothing if the project's settings are wrong, or nothing is built. */
function complete(words, known) {
  try {
    const { completeWords, projectSettings } = require('@tass/config');
    return completeWords(words, words.length > 1 ? projectSettings().experiments : '', known);
  } catch {
    return []; // running the command reports the problem
  }
}

/** What a shell has to read once. */
const completionScript = (shell) =>
  scripts[shell].replaceAll('TASS', () => `node '${path.join(__dirname, 'bin.cjs').replaceAll("'", `'\\''`)}'`);

const scripts = {
  // Bash takes = for the end of a word and puts a candidate in the place of what stands behind it, so the words are read from the line
  // itself, and what stands before is taken off again. Files where there are no candidates: --predictions=
  bash: `command -v tass >/dev/null || tass() { TASS "$@"; }
_tass() {
  local IFS=$' \\t\\n' line="\${COMP_LINE:0:COMP_POINT}" words current before= word
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  current="\${words[\${#words[@]}-1]}"
  [[ $current == *=* && $COMP_WORDBREAKS == *=* ]] && before="\${current%"\${current##*=}"}"
  COMPREPLY=()
  while IFS= read -r word; do COMPREPLY+=("\${word#"$before"}"); done < <(TASS complete "\${words[@]:1}" 2>/dev/null)
  [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *[=.] ]] && compopt -o nospace 2>/dev/null
  return 0
}
complete -o default -o nosort -F _tass tass 2>/dev/null || complete -o default -F _tass tass`,
  zsh: `(( $+commands[tass] )) || tass() { TASS "$@" }
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
_tass() {
  local -a found unfinished finished
  found=(\${(f)"$(TASS complete "\${(@)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)"})
  if (( ! $#found )); then
    compset -P '*='
    _files
    return
  fi
  unfinished=(\${(M)found:#*[=.]})
  finished=(\${found:#*[=.]})
  compadd -Q -S '' -V unfinished -- $unfinished
  compadd -Q -V finished -- $finished
}
compdef _tass tass`,
  fish: `type -q tass; or function tass; TASS $argv; end
function __tass_words
  set -l words (commandline -opc) (commandline -ct)
  TASS complete $words[2..-1] 2>/dev/null
end
complete -c tass -f -k -a '(__tass_words)'`,
};

module.exports = { complete, completionScript, shells: Object.keys(scripts) };
