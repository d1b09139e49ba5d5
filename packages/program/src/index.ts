export { expandHome, pathFrom } from './home';
export { didYouMean, nearest } from './nearest';
export { readOptions, UsageError, type OptionKind, type Options } from './options';
export { printable } from './printable';
export { runProgram, type Command } from './run-program';
export { shellWord } from './shell-word';
