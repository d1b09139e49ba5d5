import { say } from '@tass/progress';
import { didYouMean } from './nearest';
import { asksForHelp, UsageError } from './options';
import { outliveReaders } from './outlive-readers';
import { printable } from './printable';

export interface Command {
  /** What `--help` prints. */
  usage(): string;
  /** Runs the command; returns the exit code. */
  run(words: readonly string[]): number | Promise<number>;
}

/** Runs the command that the first word names and sets the exit code: the command's, 2 for a UsageError, 1 for any other error, which is printed. */
export async function runProgram(
  program: string,
  commands: Readonly<Record<string, Command>>,
  [name = 'nothing', ...words]: readonly string[] = process.argv.slice(2),
): Promise<void> {
  outliveReaders();
  try {
    if (!Object.hasOwn(commands, name)) throw notACommand(name, Object.keys(commands));
    if (asksForHelp(words)) console.log(commands[name].usage());
    else process.exitCode = await commands[name].run(words);
  } catch (error) {
    say(describeError(error, program));
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}

/**
 * The text of an error that `program` prints. Messages do not name the program, so its name is added here, unless the error begins with a
 * file or module (the field `namesItsPlace`). A bug is printed with its stack; with TASS_STACK, every error is.
 */
export function describeError(error: unknown, program: string): string {
  const { message = String(error), stack, namesItsPlace } = (error ?? {}) as Partial<Error> & { readonly namesItsPlace?: boolean };
  const isOurMistake = error instanceof TypeError || error instanceof ReferenceError;
  const text = isOurMistake || process.env.TASS_STACK ? (stack ?? message) : message;
  return `${namesItsPlace ? '' : `${program}: `}${text.split('\n').map(shortened).map(printable).join('\n')}`; // names of files are part of it
}

const longestLine = 4000;

/** Cuts the middle out of a very long line, because words of the command line or of a file may have any length. */
const shortened = (line: string): string =>
  line.length <= longestLine ? line : `${line.slice(0, longestLine / 2)} ... ${line.slice(-longestLine / 2)}`;

const notACommand = (name: string, known: readonly string[]): UsageError =>
  new UsageError(`${name} is not a command, expected ${known.join(', ')}.${didYouMean(name, known)}`);
