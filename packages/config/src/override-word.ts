/** `key=value` with the value as YAML on one line, so that `composeExperiment` reads it back as the same value. */
export const overrideWord = (key: string, value: unknown): string => `${key}=${valueText(value)}`;

/** A value as a word of the command line: plain where YAML reads it as the same text, else quoted; lists and maps in brackets. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return isPlain(value) ? value : JSON.stringify(value); // YAML reads the escapes of JSON
  if (typeof value === 'number' && !Number.isFinite(value)) return Number.isNaN(value) ? '.nan' : value > 0 ? '.inf' : '-.inf';
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value).map(([key, child]) => `${valueText(key)}: ${valueText(child)}`).join(', ')}}`; // prettier-ignore
  }
  return String(value);
}

const isPlain = (text: string): boolean => /^[A-Za-z_/][\w./-]*$/.test(text) && !/^(true|false|null)$/i.test(text);
