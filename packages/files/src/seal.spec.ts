import { readSealed, sealedJson } from './seal';

const value = { name: 'a "quoted" name', list: [1, 2], inner: { seal: 'not the seal' } };

it.each([0, 1, 2])('gives back what it was given, with an indentation of %i', (indent) => {
  const read = readSealed(sealedJson(value, indent));
  expect(read).toEqual({ content: value, body: `${JSON.stringify(value, null, indent)}\n`, isChecked: true });
});

it.each([0, 2])('notices each single bit that changes the content, with an indentation of %i', (indent) => {
  const bytes = Buffer.from(sealedJson(value, indent));
  const silent: string[] = [];
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const flipped = Buffer.from(bytes);
    flipped[bit >> 3] ^= 1 << (bit & 7);
    try {
      const { content, isChecked } = readSealed(flipped.toString());
      if (!isChecked || JSON.stringify(content) !== JSON.stringify(value)) silent.push(`bit ${bit}: ${flipped.toString()}`);
    } catch {
      continue;
    }
  }
  expect(silent).toEqual([]);
});

it('reads JSON without a seal, and says that it is not checked', () => {
  expect(readSealed('{"cell":"0123456789abcdef0123456789abcdef"}\n')).toMatchObject({ isChecked: false });
});

it('seals only maps with a key', () => {
  expect(() => sealedJson([1, 2])).toThrow(TypeError);
  expect(() => sealedJson({})).toThrow(TypeError);
});
