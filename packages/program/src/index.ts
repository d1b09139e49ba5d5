export { expandHome, homeFolder, pathFrom } from './home';
export { didYouMean, nearest } from './nearest';
export { readOptions, UsageError, type OptionKind, type Options } from './options';
export { outliveReaders } from './outlive-readers';
export { printable } from './printable';
export { runProgram, type Command } from './run-program';
export { shellWord } from './shell-word';
export { exitCodeOf, onStopSignal, type StopSignal } from './stop-signals';
export { untilStopped } from './until-stopped';
