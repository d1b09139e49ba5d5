import type { Explanation, Look } from './explanation';
import { sampleExplanation } from './fixtures/sample-explanation';
import { renderQuestionPage } from './index';

const sample = sampleExplanation();
const [look] = sample.looks;
const withLook = (changes: Partial<Look>): Explanation => ({ ...sample, looks: [{ ...look, ...changes }] });

it.each<[string, Explanation, string]>([
  [
    'attention',
    withLook({ attention: [{ ...look.attention[0], mean: [1] }] }),
    'the number of visual shares of tass-small is 1, expected 10, that of the segments',
  ],
  [
    'regions',
    withLook({ grid: { rows: 6, columns: 7 } }),
    'the number of regions in the text map of tass-small is 49, expected 42, rows times columns of the grid',
  ],
  ['a grid', withLook({ grid: null }), 'grid of tass-small is null, expected rows and columns of its maps'],
  [
    'curves',
    withLook({ curves: [{ ...look.curves[0], deletion: [1, 0] }] }),
    'the number of points of a curve of seconds of tass-small is 2, expected 6, that of `removed`',
  ],
  ['answers', withLook({ answers: [] }), 'the number of answers of tass-small is 0, expected 1 or more'],
  [
    'truth',
    { ...sample, truth: { boxes: null, needed: [true], sounding: null } },
    'the number of needed segments is 1, expected 10, that of the segments',
  ],
  ['names of runs', { ...sample, looks: [look, look] }, 'a name of a run is there twice, expected names that differ'],
  ['the length', { ...sample, video: { ...sample.video, seconds: 0 } }, 'video.seconds is 0, expected more than 0'],
  [
    'the order of segments',
    { ...sample, video: { ...sample.video, segments: [...sample.video.segments].reverse() } },
    'atSeconds of segment 2 is 8, expected 9 to 10, in order',
  ],
])('refuses %s that do not fit, and says what was expected', (_, explanation, message) => {
  expect(() => renderQuestionPage(explanation)).toThrow(new RangeError(`question 1042: ${message}`));
});
