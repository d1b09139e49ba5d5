/**
 * What a terminal shows after `text`: its lines, without blanks at their ends. It knows the control sequences that progress is drawn with, and throws for
 * others; lines do not wrap, so one that would is longer than `columns`.
 */
export function screenAfter(text: string): string[] {
  const lines: string[][] = [[]];
  let [row, column] = [0, 0];
  const sequences: Record<string, (count: number) => void> = {
    A: (count) => (row -= count),
    B: (count) => (row += count),
    G: (count) => (column = count - 1),
    K: (how) => (how === 2 ? (lines[row] = []) : lines[row].splice(column)),
    J: () => (lines[row].splice(column), lines.splice(row + 1)),
  };
  for (const [piece, parameter, name] of text.matchAll(/\x1b\[(\d*)([A-Za-z])|[^]/gu)) {
    if (name !== undefined) {
      const draw = sequences[name];
      if (!draw) throw new Error(`a control sequence that progress does not need: ${JSON.stringify(piece)}`);
      draw(parameter === '' ? (name === 'K' || name === 'J' ? 0 : 1) : Number(parameter));
    } else if (piece === '\n') [row, column] = [row + 1, 0];
    else if (piece === '\r') column = 0;
    else {
      while (lines[row].length < column) lines[row].push(' ');
      lines[row][column++] = piece;
    }
    while (lines.length <= row) lines.push([]);
  }
  return lines.map((line) => line.join('').trimEnd());
}
