import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kindName, kinds } from './kinds';
import { candidates, cellOf, questionText, type Candidate } from './questions';
import { drawScene, sceneSeed, type Instrument, type Scene } from './scene';
import { templateNames, templates, type TemplateName } from './templates';

/**
 * Drum top left, seconds 0-2, loud, one note a second; violin top right, seconds 4-9, quiet, four notes; a second violin
 * below in the middle that only moves, seconds 0-3; piano at rest bottom left; a hidden flute, seconds 7-9, loud, two notes.
 */
const quartet = JSON.parse(readFileSync(join(__dirname, '../fixtures/quartet.json'), 'utf8')) as Scene;
const [drum, violin, decoy, piano] = quartet.instruments;
const names = kinds.map((_, kind) => kindName(kind));

const line = (candidate: Candidate) => `${questionText(candidate)}: ${cellOf(candidate)}`;
const answers = (scene: Scene, ...only: TemplateName[]) =>
  candidates(scene)
    .filter(({ template }) => only.length === 0 || only.includes(template))
    .map(line)
    .sort();
const withInstruments = (...instruments: Instrument[]): Scene => ({ ...quartet, instruments, hidden: [] });
const during = (...seconds: number[]) => Array.from({ length: 10 }, (_, second) => seconds.includes(second));

describe('candidates of the quartet', () => {
  it('are all and only those worked out by hand', () => {
    const heard = ['violin: yes', 'drum: yes', 'flute: yes', 'piano: no'];
    const visible = ['violin: yes, heard', 'drum: yes, heard', 'piano: yes, unheard', 'flute: no, heard'];
    const count = ['violin: two', 'drum: one', 'piano: one', 'flute: zero, heard'];
    const others = names.filter((name) => !['violin', 'drum', 'flute', 'piano'].includes(name));
    const forKinds = (before: string, after: string, known: string[], rest: string) => [
      ...known.map((entry) => `${before} ${entry.replace(':', `${after}:`)}`),
      ...others.map((name) => `${before} ${name}${after}: ${rest}`),
    ];
    const expected = [
      'How many kinds of instruments can be heard: three',
      ...forKinds('Can a', ' be heard', heard, 'no'),
      'Is the violin the loudest of all that can be heard: no', // drum and flute are equally loud: neither is the loudest
      'Does the violin play faster notes than anything else: yes',
      'Does the drum play faster notes than anything else: no',
      'Does the flute play faster notes than anything else: no',
      'Does the violin sound longer than anything else: yes',
      'Does the drum sound longer than anything else: no',
      'Does the flute sound longer than anything else: no',
      'How many instruments are visible: four',
      ...forKinds('How many', ' are visible', count, 'zero, unheard'),
      ...forKinds('Is a', ' visible', visible, 'no, unheard'),
      'Is the performance indoor or outdoor: indoor',
      'Which instrument is on the middle: violin, heard',
      'Which instrument is on the right: violin, heard', // there are two on the left
      'Where is the drum: left',
      'Where is the piano: left', // there are two violins
      'Is the sound of the violin made by a visible instrument: yes',
      'Is the sound of the drum made by a visible instrument: yes',
      'Is the sound of the flute made by a visible instrument: no, still',
      'Is the visible drum really sounding: yes',
      'How many visible instruments are sounding: two',
      'How many visible instruments never sound: two',
      'How many visible violin are sounding: one',
      'How many visible drum are sounding: one',
      'Where is the loudest visible instrument: left',
      'Where is the violin that really sounds: right',
      'Is the sounding instrument on the left louder than the one on the right: yes',
      'Is the sounding instrument on the right louder than the one on the left: no',
      'Where is the first visible instrument that sounds: left',
      'Where is the last visible instrument that sounds: right',
      'Which visible instrument sounds first: drum',
      'Which visible instrument sounds last: violin',
      'Which visible instrument starts right before the violin: drum',
      'Which visible instrument starts right after the drum: violin',
    ];
    expect(answers(quartet)).toEqual(expected.sort());
  });

  it('covers, with the cases below, every template', () => {
    const besides: TemplateName[] = ['soundingAt', 'moreSounding', 'moreSeen'];
    expect(new Set([...candidates(quartet).map(({ template }) => template), ...besides])).toEqual(new Set(templateNames));
  });
});

describe('candidates', () => {
  it('ask which of two moving instruments on one side sounds, and no other case', () => {
    const moving: Instrument = { ...piano, state: 'decoy', active: during(5, 6, 7) };
    expect(answers(withInstruments(drum, violin, moving), 'soundingAt')).toEqual(['Which instrument on the left really sounds: drum']);
    expect(answers(withInstruments(drum, violin, piano), 'soundingAt')).toEqual([]); // the piano rests: seeing would do
  });

  it('compare what is seen with what is heard', () => {
    const flute = quartet.hidden[0];
    const question = 'Are more kinds of instruments seen than heard';
    expect(answers(quartet, 'moreSeen')).toEqual([]); // three and three
    expect(answers(withInstruments(drum, violin, decoy, piano), 'moreSeen')).toEqual([`${question}: yes, 3 to 2`]);
    expect(answers({ ...quartet, instruments: [drum], hidden: [flute] }, 'moreSeen')).toEqual([`${question}: no, 1 to 2`]);
  });

  it('compare how many sound with how many are silent', () => {
    const question = 'Are more visible instruments sounding than silent';
    expect(answers(quartet, 'moreSounding')).toEqual([]); // two and two
    expect(answers(withInstruments(drum, violin, piano), 'moreSounding')).toEqual([`${question}: yes`]);
    expect(answers(withInstruments(drum, decoy, piano), 'moreSounding')).toEqual([`${question}: no`]);
  });

  it('say no to a moving instrument that does not sound, whether its kind is heard or not', () => {
    const moving: Instrument = { ...piano, state: 'decoy', active: during(5, 6, 7) };
    const silent = withInstruments(drum, moving);
    const hiddenPiano = { ...quartet.hidden[0], kind: piano.kind, active: during(0, 1) };
    const question = 'Is the visible piano really sounding';
    expect(answers(silent, 'reallySounds')).toContain(`${question}: no, unheard`);
    expect(answers({ ...silent, hidden: [hiddenPiano] }, 'reallySounds')).toContain(`${question}: no, heard`);
    expect(answers({ ...silent, hidden: [hiddenPiano] }, 'isSourceSeen')).toContain(
      'Is the sound of the piano made by a visible instrument: no, moving',
    );
  });

  it('count how many of a kind sound when one of them moves', () => {
    const moving: Instrument = { ...piano, state: 'decoy', active: during(5, 6, 7) };
    const question = 'How many visible piano are sounding';
    expect(answers(withInstruments(piano), 'soundingOfKind')).toEqual([]); // it rests: seeing would do
    expect(answers(withInstruments(moving), 'soundingOfKind')).toEqual([`${question}: zero, unheard`]);
    const hiddenPiano = { ...quartet.hidden[0], kind: piano.kind };
    expect(answers({ ...withInstruments(moving), hidden: [hiddenPiano] }, 'soundingOfKind')).toEqual([`${question}: zero, heard`]);
    expect(answers(withInstruments({ ...moving, state: 'playing' }), 'soundingOfKind')).toEqual([`${question}: one`]);
  });

  it('carry the clues of one modality, and what is true of them', () => {
    const cluesOf = (scene: Scene, text: string) =>
      candidates(scene)
        .find((candidate) => questionText(candidate) === text)!
        .clues!.map(({ clue, truth }) => `${clue}: ${truth}`);
    const first = 'Which visible instrument sounds first';
    expect(cluesOf(quartet, first)).toEqual(['order by sight: holds', 'order by sound: holds']); // drum and decoy begin together
    expect(cluesOf(quartet, 'Which visible instrument sounds last')).toEqual(['order by sight: holds', 'order by sound: misleads']);
    const early: Instrument = { ...piano, state: 'decoy', active: during(0, 1) };
    const late = { ...drum, active: during(1, 2) };
    expect(cluesOf(withInstruments(late, violin, early), first)).toEqual(['order by sight: misleads', 'order by sound: holds']);
    const before = 'Which visible instrument starts right before the violin';
    expect(cluesOf(quartet, before)).toEqual(['order by sight: misleads', 'order by sound: holds']);
    const after = 'Which visible instrument starts right after the drum';
    expect(cluesOf({ ...quartet, hidden: [{ ...quartet.hidden[0], active: during(3, 4) }] }, after)).toContain('order by sound: misleads');
    expect(cluesOf(quartet, 'How many visible instruments are sounding')).toEqual(['3 of 4 move: two', '3 sound: two']);
    expect(cluesOf(quartet, 'Does the violin sound longer than anything else')).toEqual(['it moves longest: yes']);
    expect(cluesOf(quartet, 'Does the flute sound longer than anything else')).toEqual(['it does not move: no']);
    expect(cluesOf(quartet, 'Can a piano be heard')).toEqual(['it rests: no']);
  });

  it('leave out what is not clear', () => {
    const near = withInstruments(drum, { ...violin, active: during(1, 2, 3, 4) }); // begins a second later, lasts a second longer
    expect(answers(near, 'placeInOrder', 'kindInOrder', 'longest')).toEqual([]);
    const alike = withInstruments(drum, { ...violin, level: drum.level, rate: drum.rate, active: drum.active });
    expect(answers(alike, 'loudest', 'fastest', 'louderSide', 'loudestPlace', 'neighbour')).toEqual([]);
    const twoDrums = withInstruments(drum, { ...drum, column: 2, level: 0.2 }, violin);
    expect(answers(twoDrums, 'loudest', 'fastest', 'loudestPlace', 'placeOf').join()).not.toContain('drum');
  });

  const scenes = Array.from({ length: 1500 }, (_, index) => drawScene(sceneSeed('train', 3, index)));
  const all = scenes.flatMap(candidates);

  it('come from every template and every cell in some scene', () => {
    const cells = new Set(all.map((candidate) => `${candidate.template} ${cellOf(candidate)}`));
    expect(cells).toEqual(new Set(templateNames.flatMap((name) => Object.keys(templates[name].shares).map((cell) => `${name} ${cell}`))));
  });

  it('are answered by answers of MUSIC-AVQA', () => {
    const official = `two cello congas zero no pipa six yes one four three seven five ukulele right piano left accordion clarinet guzheng
      more_than_ten nine indoor saxophone drum violin middle outdoor bagpipe bassoon acoustic_guitar banjo electric_bass ten eight flute
      simultaneously trumpet erhu xylophone tuba suona`.split(/\s+/);
    expect(official).toHaveLength(42);
    expect([...new Set(all.map(({ answer }) => answer))].filter((answer) => !official.includes(answer))).toEqual([]);
  });

  it('fill every slot, and have shares that sum to 1', () => {
    expect(all.filter((candidate) => /[<>]|undefined/.test(questionText(candidate)))).toEqual([]);
    for (const name of templateNames) {
      const { content, shares } = templates[name];
      const { values } = all.find(({ template }) => template === name)!;
      expect(content.match(/<\w+>/g) ?? []).toHaveLength(values.length);
      expect(Object.values(shares).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 10);
    }
  });

  it('have one answer each in a scene', () => {
    for (const scene of scenes.slice(0, 300)) {
      const texts = candidates(scene).map(questionText);
      expect(new Set(texts).size).toBe(texts.length);
    }
  });
});
