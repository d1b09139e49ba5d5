export { didYouMean, nearest } from './nearest';
export { asksForHelp, readOptions, UsageError, type OptionKind, type Options } from './options';
export { printable } from './printable';
export { describeError, runProgram, type Command } from './run-program';
export { shellWord } from './shell-word';
