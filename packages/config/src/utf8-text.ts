import { isUtf8 } from 'node:buffer';
import { shellWord } from '@tass/program';
import { ConfigError } from './config-error';

/** The bytes of a file as text. For an encoding other than UTF-8 throws ConfigError, which names it and the command that converts it. */
export function utf8Text(bytes: Buffer, shown: string): string {
  const other = utf16In(bytes);
  if (other !== undefined) throw new ConfigError([`${shown}: the file is ${other}, ${converted(other, shown)}`]);
  if (isUtf8(bytes)) return bytes.toString('utf8');
  const found = 'Latin-1 (or another encoding with one byte a letter)';
  throw new ConfigError([`${shown}:${firstWrongByte(bytes)}: the file is ${found}, ${converted('LATIN1', shown)}`]);
}

const converted = (encoding: string, shown: string): string =>
  `expected UTF-8. Convert it: iconv -f ${encoding} -t UTF-8 ${shellWord(shown)} > utf8.yaml`;

/** Recognised by its byte order mark, or by the zeros next to every letter of English. */
function utf16In(bytes: Buffer): string | undefined {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return 'UTF-16';
  if (!bytes.includes(0)) return undefined;
  return second === 0 ? 'UTF-16LE' : 'UTF-16BE';
}

/** `line:column`, as editors count. */
function firstWrongByte(bytes: Buffer): string {
  const lines = bytes.toString('utf8').split('\n');
  const at = lines.findIndex((line) => line.includes('\ufffd'));
  return `${at + 1}:${lines[at].indexOf('\ufffd') + 1}`;
}
