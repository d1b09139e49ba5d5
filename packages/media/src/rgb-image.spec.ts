import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { readImage } from './rgb-image';
import { describeFrame } from './sampling/descriptors';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'image-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function written(name: string, content: string | Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}
const pixelsOf = (file: string) => readImage(file, (image) => image.raw().toBuffer({ resolveWithObject: true }));

const colours = [250, 20, 30, 10, 240, 60, 0, 0, 255, 128, 128, 128, 255, 255, 0, 7, 8, 9]; // 3 x 2 pixels
const picture = () => sharp(Buffer.from(colours), { raw: { width: 3, height: 2, channels: 3 } });

/** The PNG with a profile, and its pixels left as they are. */
function withProfile(png: Buffer, profile: Buffer): Buffer {
  const data = Buffer.concat([Buffer.from('iCCPx\0\0'), deflateSync(profile)]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length - 4);
  checksum.writeUInt32BE(crc32(data));
  const head = 33; // signature and IHDR
  return Buffer.concat([png.subarray(0, head), length, data, checksum, png.subarray(head)]);
}

it('leaves a profile of wide gamut alone', async () => {
  const { icc } = await sharp(await picture().withIccProfile('p3').png().toBuffer()).metadata();
  const file = written('wide.png', withProfile(await picture().png().toBuffer(), icc!));
  expect([...(await sharp(file).raw().toBuffer())]).not.toEqual(colours); // it is applied where nobody asks for the contrary
  expect([...(await pixelsOf(file)).data]).toEqual(colours);
  expect([...(await describeFrame(file)).subarray(0, 3)]).toEqual([...(await describeFrame(written('plain.png', await picture().png().toBuffer()))).subarray(0, 3)]); // prettier-ignore
});

// Six fields of 8 x 8 pixels by Pillow 13.0.0, with its values at their centres; as YCCK the same bytes say other colours.
const cmyk = Buffer.from(
  '/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwACAQEBAQECAQEBAgICAgIEAwICAgIFBAQDBAYFBgYGBQYGBgcJCAYHCQcGBggLCAkKCgoKCgYICwwLCgwJCgoK/8AAFAgAEAAY' +
    'BEMRAE0RAFkRAEsRAP/EABcAAQEBAQAAAAAAAAAAAAAAAAoACQj/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oADgRDAE0AWQBLAAA/AD/t/G/jfw/wANJH+ABpI/wANy+w' +
    'fDfMMdQN4DIHeD//2Q==',
  'base64',
);
it.each([
  ['CMYK', 0, [0, 255, 255, 255, 0, 255, 255, 255, 0, 0, 0, 0, 164, 103, 42, 255, 255, 255]],
  ['YCCK', 2, [77, 255, 30, 0, 47, 227, 179, 0, 0, 0, 0, 0, 109, 0, 21, 0, 134, 0]],
])('converts %s by the naive formula', async (_, transform, expected) => {
  const bytes = Buffer.from(cmyk);
  bytes[bytes.indexOf('Adobe') + 11] = transform;
  const file = written('cmyk.jpg', bytes);
  const { data, info } = await pixelsOf(file);
  expect(info).toMatchObject({ width: 24, height: 16, channels: 3 });
  const centres = [4, 12].flatMap((y) => [4, 12, 20].map((x) => (y * 24 + x) * 3));
  expect(centres.flatMap((at) => [...data.subarray(at, at + 3)])).toEqual(expected);
  expect([...(await describeFrame(file)).subarray(0, 3)].map(Math.round)).toEqual(expected.slice(0, 3));
});

it('leaves an image as it is stored, whatever its orientation', async () => {
  const file = written('turned.png', await picture().withMetadata({ orientation: 6 }).png().toBuffer());
  expect((await sharp(file).metadata()).orientation).toBe(6);
  expect(await pixelsOf(file)).toMatchObject({ data: Buffer.from(colours), info: { width: 3, height: 2 } });
});

it.each([
  ['grey', 'b-w', {}],
  ['in colours', 'srgb', {}],
  ['progressive, in colours', 'srgb', { progressive: true }],
])('reads a JPEG, %s, as three colours', async (_, space, options) => {
  const bytes = await picture().toColourspace(space).jpeg(options).toBuffer();
  const expected = await sharp(bytes).toColourspace('srgb').raw().toBuffer();
  const { data, info } = await pixelsOf(written('frame.jpg', bytes));
  expect([info.channels, [...data]]).toEqual([3, [...expected]]);
});

it('keeps the upper byte of 16 bits, and the colours under transparency', async () => {
  const deep = Uint16Array.from(colours, (value, i) => value * 256 + 200 + i);
  const sixteen = sharp(deep, { raw: { width: 3, height: 2, channels: 3 } }).toColourspace('rgb16');
  expect([...(await pixelsOf(written('deep.png', await sixteen.png().toBuffer()))).data]).toEqual(colours);
  const clear = Buffer.from([250, 20, 30, 0, 10, 240, 60, 128]);
  const transparent = sharp(clear, { raw: { width: 2, height: 1, channels: 4 } }).png();
  expect([...(await pixelsOf(written('clear.png', await transparent.toBuffer()))).data]).toEqual([250, 20, 30, 10, 240, 60]);
});

describe('is an error that names the file:', () => {
  const refused = (file: string) => expect(pixelsOf(file)).rejects;

  it('16-bit grey, which Pillow cuts off at 255', async () => {
    const deep = sharp(Uint16Array.from([0, 300, 65535, 7]), { raw: { width: 2, height: 2, channels: 1 } }).toColourspace('grey16');
    const file = written('grey.png', await deep.png().toBuffer());
    await refused(file).toThrow(`frame ${file} is a grey image of 16 bits, which Pillow, as CLIP uses it, cuts off at 255`);
  });

  it('another format under the name of a frame', async () => {
    const svg = written('a.png', '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>');
    await refused(svg).toThrow(`frame ${svg} is an image of the format svg, expected JPEG, PNG or WebP`);
    const avif = written('a.jpg', await picture().avif().toBuffer());
    await refused(avif).toThrow(`frame ${avif} is an image of the format heif`);
  });

  it('one that is not there, and a link that leads nowhere', async () => {
    symlinkSync('/nowhere/1.jpg', join(folder, '1.jpg'));
    await refused(join(folder, '1.jpg')).toThrow(`frame ${join(folder, '1.jpg')} is a link to /nowhere/1.jpg, which is not there`);
    await refused(join(folder, '2.jpg')).toThrow(`frame ${join(folder, '2.jpg')} is not there`);
  });
});

const python = process.env.TASS_PYTHON;
(python ? it : it.skip)(
  'gives the pixels of Pillow, of many kinds of image (skipped where TASS_PYTHON names no Python that has it)',
  async () => {
    execFileSync(python!, ['-W', 'ignore', join(__dirname, 'fixtures', 'pillow_images.py'), folder], { stdio: 'pipe' });
    const names = readdirSync(folder).filter((name) => !name.endsWith('.rgb'));
    expect(names).toHaveLength(56);
    const same = await Promise.all(
      names.map(async (name) => (await pixelsOf(join(folder, name))).data.equals(readFileSync(join(folder, `${name}.rgb`)))),
    );
    expect(names.filter((_, i) => !same[i])).toEqual([]);
  },
);
