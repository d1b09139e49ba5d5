// What a terminal, a browser or a reader's eye would take for a command: control characters, line ends, and marks that turn the direction.
const COMMANDS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;

/** Text of one line without anything that acts instead of being seen. */
export const printable = (text: string): string => text.replaceAll(COMMANDS, ' ');
