import { COMMON_STYLE } from './style';

type Palette = Readonly<Record<string, string>>;

/** The variables of each block that names a paper, in order: light, then dark, twice. */
const palettes: readonly Palette[] = COMMON_STYLE.split('}')
  .filter((block) => block.includes('--band:'))
  .map((block) => Object.fromEntries([...block.matchAll(/--(\w+):(#[0-9a-f]{6})/g)].map(([, name, colour]) => [name, colour])));

/** Relative luminance and contrast. Source: WCAG 2.2. */
function contrast(one: string, other: string): number {
  const luminance = (colour: string): number => {
    const [red, green, blue] = [1, 3, 5]
      .map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

it('has a light and a dark palette, the dark one for the switch and for the preference alike', () => {
  expect(palettes).toHaveLength(3);
  expect(palettes[1]).toEqual(palettes[2]);
  expect(Object.keys(palettes[0])).toEqual(Object.keys(palettes[1]));
});

it.each(['ink', 'muted', 'accent', 'better', 'worse'])('sets %s apart from paper and band by 4.5 : 1 or more', (name) => {
  for (const palette of palettes)
    for (const ground of ['paper', 'band']) expect(contrast(palette[name], palette[ground])).toBeGreaterThanOrEqual(4.5);
});
