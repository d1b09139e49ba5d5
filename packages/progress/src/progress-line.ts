import type { Figures, Pace } from './pace';

/** The work that a line shows. */
export interface Work {
  readonly label: string; // such as `epoch 3/10`
  readonly unit: string; // what is counted, such as `batches`
}

const barLengths = [20, 10];
const leastLabel = 10; // columns: a label cut in its middle, such as `min…seed=1`, still differs from others
const leastNote = 6;

/**
 * `epoch 3/10: 120/400 batches, 12.3 batches/s, 0:10, 0:23 left, loss 1.234`. If `width` is too small, leaves out the rate, then the time
 * spent, the middle of a long label, the end of the note, and last the label and the unit.
 */
export function progressLine({ label, unit }: Work, figures: Figures, note = '', width = Infinity): string {
  const { done, total, perSecond, secondsSpent, secondsLeft } = figures;
  const count = `${done}/${total}`;
  const rate = perSecond === undefined ? '' : rateText(perSecond, unit);
  const [spent, left] = [clock(secondsSpent), `${clock(secondsLeft)} left`];
  const labelled = (name: string, ...parts: readonly string[]): string => [`${name}: ${count} ${unit}`, ...parts].filter(Boolean).join(', '); // prettier-ignore
  const shortened = (...parts: readonly string[]): string => labelled(cutMiddle(label, Math.max(leastLabel, width - labelled('', ...parts).length)), ...parts); // prettier-ignore
  const [full, bare] = [labelled(label, left, note), labelled(label, left)];
  const forms = [
    labelled(label, rate, spent, left, note),
    labelled(label, spent, left, note),
    full,
    shortened(left, note),
    width - bare.length < leastNote ? bare : cut(full, width),
    shortened(left),
    `${count} ${unit}, ${left}`,
    `${count}, ${left}`,
  ];
  return forms.find((line) => line.length <= width) ?? cut(forms.at(-1)!, width);
}

/** The same with a bar, if there is room for one. */
export function barLine(work: Work, figures: Figures, note: string, width: number): string {
  const line = progressLine(work, figures, note, width);
  const length = barLengths.find((length) => line.length + 1 + length <= width);
  if (length === undefined) return line;
  const { done, total } = figures;
  const full = total > 0 ? Math.round((Math.min(done, total) / total) * length) : length;
  return `${'█'.repeat(full)}${'░'.repeat(length - full)} ${line}`;
}

/** `epoch 3/10: 400 batches in 32.5 s, 12.3 batches/s, loss 1.234`; `120/400 batches` if it ended early. */
export function endLine({ label, unit }: Work, pace: Pace, note = ''): string {
  const { done, total, secondsSpent, meanPerSecond } = pace;
  const took = secondsSpent < 60 ? `${secondsSpent.toFixed(1)} s` : clock(secondsSpent);
  const rate = meanPerSecond === undefined ? '' : rateText(meanPerSecond, unit);
  const counted = done === total ? `${total} ${total === 1 ? singular(unit) : unit}` : `${done}/${total} ${unit}`;
  return [`${label}: ${counted} in ${took}`, rate, note].filter(Boolean).join(', ');
}

const singular = (unit: string): string => unit.replace(/(?<=ch|sh|x)es$|s$/, ''); // prettier-ignore

/** `12.3 batches/s`; by the minute or hour if it is less than one. */
export function rateText(perSecond: number, unit: string): string {
  const [seconds, name] = ([[1, 's'], [60, 'min'], [3600, 'h']] as const).find(([seconds]) => perSecond * seconds >= 0.95) ?? [3600, 'h']; // prettier-ignore
  const rate = perSecond * seconds;
  return `${rate.toFixed(rate < 99.95 ? 1 : 0)} ${unit}/${name}`;
}

/** `0:07`, `12:34`, `1:02:03`; `--:--` if unknown. */
export function clock(seconds: number | undefined): string {
  if (seconds === undefined) return '--:--';
  const whole = Math.max(0, Math.round(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const [first, ...rest] = parts[0] > 0 ? parts : parts.slice(1);
  return [String(first), ...rest.map((part) => String(part).padStart(2, '0'))].join(':');
}

/** The beginning of a line that is too long, with a mark. */
export const cut = (line: string, width: number): string => (line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`);

/** Both ends of a text that is too long, with a mark between them; more of its end, in which names differ. */
function cutMiddle(text: string, width: number): string {
  if (text.length <= width) return text;
  const begin = Math.floor((width - 1) / 3);
  return `${text.slice(0, begin)}…${text.slice(text.length - (width - 1 - begin))}`;
}
