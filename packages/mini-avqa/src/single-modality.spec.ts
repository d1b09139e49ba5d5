import { singleModalityGuesses } from './single-modality';
import { templateNames, type TemplateName } from './templates';

/** What the best feature of sight, and of sound, may answer alone, in percent: the greater of the figures here and in the README, plus 3 to 4; null if it should do. */
const limits: Readonly<Record<TemplateName, readonly [sight: number | null, sound: number | null]>> = {
  heardKinds: [43, null],
  isHeard: [61, null],
  loudest: [58, null],
  longest: [69, null],
  fastest: [59, null],
  visibleCount: [null, 38],
  visibleOfKind: [null, 49],
  isVisible: [null, 63],
  indoor: [null, 56],
  kindAt: [null, 33],
  placeOf: [null, 42],
  isSourceSeen: [68, 59],
  reallySounds: [61, 68],
  soundingCount: [46, 52],
  silentCount: [51, 35],
  soundingOfKind: [53, 76],
  loudestPlace: [48, 39],
  soundingPlace: [52, 45],
  soundingAt: [52, 51],
  louderSide: [55, 54],
  moreSounding: [61, 64],
  moreSeen: [74, 72],
  placeInOrder: [52, 41],
  kindInOrder: [49, 59],
  neighbour: [57, 59],
};

const guesses = singleModalityGuesses(11, { train: 500, test: 400 });

describe('singleModalityGuesses', () => {
  it('scores questions of every template', () => {
    expect(guesses.map(({ template }) => template)).toEqual(templateNames);
    expect(Math.min(...guesses.map(({ questions }) => questions))).toBeGreaterThan(50);
  });

  it.each(guesses)('one modality answers few questions of $template', ({ template, sight, sound }) => {
    const [mostBySight, mostBySound] = limits[template];
    if (mostBySight !== null) expect(sight).toBeLessThan(mostBySight);
    if (mostBySound !== null) expect(sound).toBeLessThan(mostBySound);
  });

  it('finds what is meant to be found by one modality', () => {
    const of = (name: TemplateName) => guesses.find(({ template }) => template === name)!;
    const meant = [of('visibleCount').sight, of('visibleOfKind').sight, of('isVisible').sight, of('heardKinds').sound, of('isHeard').sound];
    expect(Math.min(...meant)).toBeGreaterThan(98); // 100 where training has every value of a feature
  });
});
