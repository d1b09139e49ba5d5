export interface CsvRecord {
  readonly line: number; // where it begins, from 1
  readonly fields: readonly string[];
}

/**
 * Records of a text separated by commas, or by tabs when its first line has one; a quoted field may hold separators, line ends and doubled
 * quotes (RFC 4180). Blanks around a field and empty lines do not count. A quote without an end takes the rest of the text.
 */
export function parseCsv(text: string): CsvRecord[] {
  const separator = text.split('\n', 1)[0].includes('\t') ? '\t' : ',';
  const records: CsvRecord[] = [];
  let fields: string[] = [];
  let [field, quoted] = ['', false];
  let [line, begin] = [1, 1];
  const endField = (): void => {
    fields.push(field.trim());
    field = '';
  };
  for (let at = 0; at <= text.length; at++) {
    const char = text[at] ?? '\n';
    if (quoted && at < text.length) {
      if (char !== '"') field += char;
      else if (text[at + 1] === '"') field += text[at++];
      else quoted = false;
    } else if (char === '"' && field.trim() === '') [field, quoted] = ['', true];
    else if (char === separator) endField();
    else if (char === '\n') {
      endField();
      if (fields.some((one) => one !== '')) records.push({ line: begin, fields });
      [fields, begin] = [[], line + 1];
    } else field += char;
    if (char === '\n') line++;
  }
  return records;
}
