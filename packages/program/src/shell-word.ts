import { UsageError } from './options';

/** `word`, quoted so that bash reads it back unchanged. Throws UsageError for a NUL, which no program can receive. */
export function shellWord(word: string): string {
  if (word.includes('\0')) throw new UsageError(`${JSON.stringify(word)} holds a NUL character, which no program can be given`);
  if (/^[A-Za-z0-9_/.,:=@%+-]+$/.test(word)) return word;
  if (!controls.test(word)) return `'${word.replaceAll("'", `'\\''`)}'`;
  const escaped = word
    .replace(/[\\']/g, '\\$&')
    .replace(new RegExp(controls, 'g'), (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `$'${escaped}'`; // sbatch refuses scripts with carriage returns, and a line of a word must not look like one of the script
}

const controls = /[\x01-\x1f\x7f]/;
