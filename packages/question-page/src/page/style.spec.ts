import { sampleExplanation } from '../fixtures/sample-explanation';
import { renderQuestionPage } from '../index';

/** The variables of the page in light, dark by the switch, and dark by preference. */
function palettes(): readonly Readonly<Record<string, string>>[] {
  const [, style] = /<style>([^]*?)<\/style>/.exec(renderQuestionPage(sampleExplanation())) as RegExpExecArray;
  const blocks = style.split('}').filter((block) => /--[\w-]+:#[0-9a-f]{6}/.test(block));
  return [0, 1, 2].map((theme) =>
    Object.fromEntries(
      blocks.flatMap((block, at) =>
        at % 3 === theme ? [...block.matchAll(/--([\w-]+):(#[0-9a-f]{6})/g)].map(([, name, colour]) => [name, colour]) : [],
      ),
    ),
  );
}

/** Relative luminance. Source: WCAG 2.2. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5]
    .map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

const [light, dark, preferred] = palettes();

it('has the same dark colours for the switch and for the preference', () => {
  expect(dark).toEqual(preferred);
  expect(Object.keys(light)).toEqual(Object.keys(dark));
  expect(Object.keys(light)).toEqual(expect.arrayContaining(['paper', 'good', 'visual']));
});

it.each([
  ['good', 4.5], // text
  ['bad', 4.5],
  ['visual', 3], // marks
  ['audio', 3],
  ['truth', 3],
  ['text-share', 3],
  ['wave', 3],
  ['cursor', 3],
])('sets %s apart from paper and band by %d : 1 or more', (name, least) => {
  for (const palette of [light, dark])
    for (const ground of ['paper', 'band']) expect(contrast(palette[name], palette[ground])).toBeGreaterThanOrEqual(least);
});
