import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ANSWERS, QUESTION_TYPES, readAnnotations } from './index';

const small = join(__dirname, '../fixtures/avqa-val.json');
const rows = (): Record<string, unknown>[] => JSON.parse(readFileSync(small, 'utf8'));

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'annotations-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function written(content: string | Buffer, name = 'avqa-val.json'): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}
/** The file with the row at `index` changed. */
const changed = (index: number, change: Record<string, unknown>): string =>
  written(JSON.stringify(rows().map((row, at) => (at === index ? { ...row, ...change } : row))));

describe('a file in the form of MUSIC-AVQA', () => {
  it('gives questions with filled slots, without question mark and trailing blank', () => {
    const { questions } = readAnnotations(small);
    expect(questions.map(({ text }) => text)).toEqual([
      'Can a acoustic_guitar be heard',
      'Does the cello on the left sound louder than the flute on the right',
      'How many tuba are really sounding',
      'Where does this happen',
      'Which one enters last',
      'Is the drum heard longer than the piano',
    ]);
    expect(questions[1]).toEqual({
      id: 5,
      videoId: '00000007',
      type: 7,
      text: 'Does the cello on the left sound louder than the flute on the right',
      words: ['Does', 'the', 'cello', 'on', 'the', 'left', 'sound', 'louder', 'than', 'the', 'flute', 'on', 'the', 'right'],
      template: 'Does the <Object> on the <LR> sound louder than the <Object> on the <LR>',
      answer: 4,
    });
    expect(questions.map(({ type }) => QUESTION_TYPES[type].short)).toEqual([
      'A-Count',
      'AV-Comp',
      'AV-Count',
      'V-Loc',
      'AV-Temp',
      'A-Comp',
    ]);
    expect(questions.map(({ answer }) => ANSWERS[answer])).toEqual(['yes', 'no', 'more than ten', 'indoor', 'suona', 'yes']);
  });

  it('has the digests of the uncompressed content, plain or gzipped', () => {
    const digests = {
      sha256: 'e36b0bc36f5841ccabf08d069673224fbe5fa00a3df63192d59d37fbc6e59220', // sha256sum
      gitBlob: '5582dd18537ce94bc5a8bf73f0bd31abf21d6bb5', // git hash-object
    };
    expect(readAnnotations(small)).toMatchObject(digests);
    const zipped = readAnnotations(written(gzipSync(readFileSync(small)), 'avqa-val.json.gz'));
    expect(zipped).toMatchObject({ ...digests, questions: readAnnotations(small).questions });
  });

  it('has the same digests with a byte order mark, CRLF or in UTF-16', () => {
    const text = readFileSync(small, 'utf8');
    const crlf = text.replaceAll('\n', '\r\n');
    expect(crlf).not.toBe(text);
    const copies = [
      crlf,
      `\ufeff${text}`,
      `\ufeff${crlf}`,
      Buffer.from(`\ufeff${crlf}`, 'utf16le'),
      Buffer.from(`\ufeff${crlf}`, 'utf16le').swap16(),
      gzipSync(`\ufeff${crlf}`),
    ];
    const { sha256, gitBlob, questions } = readAnnotations(small);
    for (const copy of copies) expect(readAnnotations(written(copy))).toMatchObject({ sha256, gitBlob, questions });
    expect(readAnnotations(written(`${text}\n`)).sha256).not.toBe(sha256); // of an unknown file every other byte counts
  });

  it('is named unknown with its blob id, and an embedded world beside its world.json', () => {
    const file = written(readFileSync(small));
    expect(readAnnotations(file).release).toMatchObject({ kind: 'unknown', name: expect.stringContaining(readAnnotations(file).gitBlob) });
    writeFileSync(join(folder, 'world.json'), '{}');
    expect(readAnnotations(file).release).toEqual({ kind: 'embedded', name: `embedded world described by ${join(folder, 'world.json')}` });
  });
});

describe('a file that cannot be used', () => {
  const reading = (file: string) => () => readAnnotations(file);

  it('that is missing: says where the official one is and how to name the folder', () => {
    const file = join(folder, 'avqa-val.json');
    expect(reading(file)).toThrow(`${file}: there is no such file. The official files are in the folder data/json_update`);
    expect(reading(file)).toThrow('dataset.root=<folder>');
  });

  it('that is a folder, or cannot be read', () => {
    expect(reading(folder)).toThrow(/cannot be read \(EISDIR/);
  });

  it('that is a cut-off or broken gzip file', () => {
    const zipped = gzipSync(readFileSync(small));
    expect(reading(written(zipped.subarray(0, 200), 'avqa-val.json.gz'))).toThrow(
      /avqa-val\.json\.gz: is no complete gzip file \(unexpected end of file, 200 bytes\)/,
    );
    zipped[150] ^= 0xff;
    expect(reading(written(zipped, 'avqa-val.json.gz'))).toThrow('is no complete gzip file');
    expect(reading(written('[]', 'avqa-val.json.gz'))).toThrow('holds an empty list'); // unpacked, under its old name
  });

  it('that is cut-off JSON, or no JSON, or no text', () => {
    const text = readFileSync(small, 'utf8');
    expect(reading(written(text.slice(0, 700)))).toThrow(
      /avqa-val\.json: is not JSON \(.*\)\. Its end is not that of a list, it may be cut off/,
    );
    expect(reading(written(''))).toThrow('it may be cut off');
    expect(reading(written(text.replace(',', ';')))).toThrow(/is not JSON .* Compare it with the official file/s);
    expect(reading(written(Buffer.from(text.replace('suona', 'su\xffona'), 'latin1')))).toThrow(
      'is not JSON (The encoded data was not valid',
    );
  });

  it('that holds no list, or an empty one', () => {
    expect(reading(written('{"rows": []}'))).toThrow('holds a JSON object, expected a list of rows');
    expect(reading(written('null'))).toThrow('holds a JSON null, expected a list of rows');
    expect(reading(written('[]'))).toThrow('holds an empty list, expected at least one question');
  });
});

describe('a row that breaks a convention', () => {
  const cases: [string, number, Record<string, unknown>, string][] = [
    [
      'an unknown answer, with the nearest known one',
      4,
      { anser: 'suonna' },
      'row 4, question_id 11: anser is "suonna", not one of the 42 answers. Did you mean "suona"?',
    ],
    [
      'an answer like no other',
      4,
      { anser: 'theremin solo' },
      'anser is "theremin solo", not one of the 42 answers. Known: two, cello, congas',
    ],
    [
      'more slots than values',
      1,
      { templ_values: '["cello", "left"]' },
      'row 1, question_id 5: question_content and templ_values do not fit: 4 slots (<Object> <LR> <Object> <LR>) but 2 values (cello, left)',
    ],
    [
      'more values than slots',
      3,
      { templ_values: '["cello"]' },
      'row 3, question_id 9: question_content and templ_values do not fit: 0 slots () but 1 value (cello)',
    ],
    [
      'an unknown type',
      0,
      { type: '["Audio", "Existential"]' },
      'row 0, question_id 3: type is "[\\"Audio\\", \\"Existential\\"]", not one of the nine: Audio Counting, Audio Comparative, Visual Counting',
    ],
    [
      'a type that is no JSON',
      0,
      { type: 'Audio Counting' },
      'type is "Audio Counting", expected a string that holds a JSON list of texts',
    ],
    ['a type that is a list instead of a string', 0, { type: ['Audio', 'Counting'] }, 'type is ["Audio","Counting"], expected a text'],
    ['templ_values with a number', 0, { templ_values: '[3]' }, 'templ_values is "[3]", expected a string that holds a JSON list of texts'],
    [
      'no answer',
      2,
      { anser: undefined },
      'row 2, question_id 8: key anser is missing (MUSIC-AVQA spells it so). Its keys: video_id, question_id, type, question_content, templ_values, question_deleted',
    ],
    ['no video', 2, { video_id: undefined }, 'row 2, question_id 8: key video_id is missing. Its keys: question_id,'],
    ['no id', 2, { question_id: undefined }, 'row 2: key question_id is missing. Its keys: video_id,'],
    ['an id that is a text', 2, { question_id: '8' }, 'row 2, question_id "8": question_id is not a whole number from 0'],
    [
      'a video id that leaves the folder',
      2,
      { video_id: '../../etc' },
      'video_id is "../../etc", expected letters, digits, _, - and # only',
    ],
    ['an empty question', 3, { question_content: ' ? ' }, 'row 3, question_id 9: question_content is " ? ", expected at least one word'],
    ['a deleted question', 3, { question_deleted: 1 }, 'row 3, question_id 9: question_deleted is 1, expected 0'],
    ['a duplicate id', 4, { question_id: 9 }, 'row 4, question_id 9: the id was used by row 3 already'],
  ];

  it.each(cases)('%s', (_, index, change, message) => {
    const file = changed(index, change);
    expect(() => readAnnotations(file)).toThrow(`${file}: row `);
    expect(() => readAnnotations(file)).toThrow(message);
  });

  it('a row that is no object', () => {
    expect(() => readAnnotations(written(JSON.stringify([...rows(), 7])))).toThrow(
      'row 6 is 7, expected an object with the keys of MUSIC-AVQA',
    );
    expect(() => readAnnotations(written(JSON.stringify([null])))).toThrow('row 0 is null');
  });
});
