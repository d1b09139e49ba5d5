import type { Explanation, Look } from './explanation';

/** Throws RangeError if parts of an explanation do not fit each other: which, what was given, what was expected. */
export function expectFitting({ question, video, truth, looks }: Explanation): void {
  const expect = (isFitting: boolean, what: string, given: unknown, expected: string): void => {
    if (!isFitting) throw new RangeError(`question ${question.id}: ${what} is ${given}, expected ${expected}`);
  };
  const { segments, seconds } = video;
  const length = (list: ArrayLike<unknown>, what: string, wanted: number, of: string): void =>
    expect(list.length === wanted, `the number of ${what}`, list.length, `${wanted}, ${of}`);
  const perSegment = (list: readonly unknown[], what: string): void => length(list, what, segments.length, 'that of the segments');

  expect(Number.isFinite(seconds) && seconds > 0, 'video.seconds', seconds, 'more than 0');
  expect(segments.length > 0, 'the number of segments', 0, '1 or more');
  segments.forEach(({ atSeconds }, at) => {
    const before = at === 0 ? 0 : segments[at - 1].atSeconds;
    expect(atSeconds >= before && atSeconds <= seconds, `atSeconds of segment ${at + 1}`, atSeconds, `${before} to ${seconds}, in order`);
  });
  if (truth?.boxes) perSegment(truth.boxes, 'lists of boxes');
  if (truth?.needed) perSegment(truth.needed, 'needed segments');
  if (truth?.sounding) perSegment(truth.sounding, 'sounding segments');
  if (video.sound?.mel) {
    const { values, columns, bands } = video.sound.mel;
    length(Buffer.from(values, 'base64'), 'bytes of the mel spectrogram', columns * bands, `${columns} columns of ${bands} bands`);
  }
  expect(looks.length > 0, 'the number of looks', 0, '1 or more');
  expect(new Set(looks.map(({ run }) => run.name)).size === looks.length, 'a name of a run', 'there twice', 'names that differ');
  looks.forEach((look) => expectLookFitting(look, perSegment, length, expect));
}

function expectLookFitting(
  { run, answers, attention, grid, maps, counterfactuals, curves }: Look,
  perSegment: (list: readonly unknown[], what: string) => void,
  length: (list: ArrayLike<unknown>, what: string, wanted: number, of: string) => void,
  expect: (isFitting: boolean, what: string, given: unknown, expected: string) => void,
): void {
  expect(answers.length > 0, `the number of answers of ${run.name}`, 0, '1 or more');
  for (const { name, answers } of counterfactuals) expect(answers.length > 0, `the number of answers of "${name}"`, 0, '1 or more');
  for (const { modality, mean, heads } of attention) {
    perSegment(mean, `${modality} shares of ${run.name}`);
    heads.forEach((head, at) => perSegment(head, `${modality} shares of head ${at + 1} of ${run.name}`));
  }
  for (const { kind, shares } of maps) {
    expect(grid !== null, `grid of ${run.name}`, 'null', 'rows and columns of its maps');
    perSegment(shares, `segments in the ${kind} map of ${run.name}`);
    const regions = (grid?.rows ?? 0) * (grid?.columns ?? 0);
    shares.forEach((segment) => length(segment, `regions in the ${kind} map of ${run.name}`, regions, 'rows times columns of the grid'));
  }
  for (const { part, removed, deletion, random } of curves)
    for (const curve of [deletion, ...random])
      length(curve, `points of a curve of ${part} of ${run.name}`, removed.length, 'that of `removed`');
}
