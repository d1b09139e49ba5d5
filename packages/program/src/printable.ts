// Characters with an effect instead of a shape: control characters, line ends, and marks that change the direction of text.
const COMMANDS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;

/** Text on one line without such characters. */
export const printable = (text: string): string => text.replaceAll(COMMANDS, ' ');
