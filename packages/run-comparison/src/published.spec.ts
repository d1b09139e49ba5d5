import { publishedFor } from './published';

const page = { name: 'a page', split: 'test' } as const;
const named = (published: ReturnType<typeof publishedFor>['published']): string[] => [...new Set(published.map(({ dataset }) => dataset))];

it("shows the rows of the page's dataset, and says nothing where some are on its very questions", () => {
  const questions = 'json_update/avqa-test.json';
  const { published, publishedRemark } = publishedFor({ ...page, publishedOn: { dataset: 'MUSIC-AVQA', questions } }, false);
  expect([named(published), publishedRemark]).toEqual([['MUSIC-AVQA'], null]);
  expect(published.map(({ name, questions: on }) => [name, on === questions])).toEqual(
    expect.arrayContaining([['TJSTG', true], ['TASS', false]]), // prettier-ignore
  );
});

it('says why no row is on the questions of the page', () => {
  const biased = publishedFor({ ...page, publishedOn: { dataset: 'MUSIC-AVQA v2.0', questions: 'test_bias.json' } }, false);
  expect(named(biased.published)).toEqual(['MUSIC-AVQA v2.0']);
  expect(biased.publishedRemark).toBe(
    'No published result covers exactly the questions of this page (a page, test); results on other questions follow, in separate tables.',
  );
  expect(publishedFor({ ...page, publishedOn: null }, false).published).toEqual([]);
  expect(named(publishedFor({ ...page, publishedOn: null }, true).published)).toEqual(['MUSIC-AVQA', 'MUSIC-AVQA v2.0', 'MUSIC-AVQA-R']);
});
