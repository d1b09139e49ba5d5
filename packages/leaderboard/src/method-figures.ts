/** Figures of methods other than accuracies, for every format: a table with a title and a note. */
export interface MethodFigures {
  readonly title: string;
  readonly note: string;
  readonly headers: readonly string[]; // of the columns after the method's name
  readonly lines: readonly { readonly name: string; readonly cells: readonly string[] }[]; // none: nothing is known
}
