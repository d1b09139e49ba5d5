import { planWorld, settingsOf, worldDigest, type AnnotationRow } from './plan-world';
import { templateNames, templates } from './templates';
import { generatorVersion } from './version';

const config = { seed: 3, videos: { train: 12, val: 4, test: 6 } };
const plan = planWorld(config);
const rows = (['train', 'val', 'test'] as const).map((split) => JSON.parse(plan.annotations[split]) as AnnotationRow[]);

describe('planWorld', () => {
  it('numbers videos and questions through all splits', () => {
    expect(plan.videos.map(({ id }) => id)).toEqual(Array.from({ length: 22 }, (_, index) => String(index + 1).padStart(8, '0')));
    expect(new Set(plan.videos.map(({ seed }) => seed)).size).toBe(22);
    const ids = rows.flat().map(({ question_id }) => question_id);
    expect(ids).toEqual(ids.map((_, index) => index + 1));
    const [train, val, test] = rows.map((split) => [...new Set(split.map(({ video_id }) => Number(video_id)))]);
    expect(Math.max(...train)).toBeLessThanOrEqual(12);
    expect(val.every((id) => id > 12 && id <= 16)).toBe(true);
    expect(test.every((id) => id > 16 && id <= 22)).toBe(true);
  });

  it('writes rows in the form of MUSIC-AVQA', () => {
    for (const row of rows.flat()) {
      expect(Object.keys(row)).toEqual([
        'video_id',
        'question_id',
        'type',
        'question_content',
        'templ_values',
        'question_deleted',
        'anser',
      ]);
      const template = templateNames.map((name) => templates[name]).find(({ content }) => `${content}?` === row.question_content)!;
      expect(row.type).toBe(`["${template.type[0]}", "${template.type[1]}"]`);
      const values = JSON.parse(row.templ_values) as string[];
      expect(values).toHaveLength((row.question_content.match(/<\w+>/g) ?? []).length);
      expect(row.templ_values).toBe(`[${values.map((value) => `"${value}"`).join(', ')}]`);
      expect(row.question_deleted).toBe(0);
    }
    expect(plan.annotations.val.startsWith('[\n  {\n    "video_id": "00000013",\n    "question_id": ')).toBe(true);
    expect(plan.questions).toEqual({ train: rows[0].length, val: rows[1].length, test: rows[2].length });
  });

  it('has one digest for a config, and another for every other', () => {
    expect(worldDigest({ ...config })).toBe(plan.digest);
    expect([generatorVersion, plan.digest.slice(0, 16)]).toEqual([3, '7b6bfe568a6b7ae1']);
    const others = [
      { ...config, seed: 4 },
      { ...config, videos: { ...config.videos, test: 5 } },
      { ...config, scenesPerVideo: 2 },
      { ...config, questionsPerType: { audio: 1, visual: 2, audioVisual: 3 } },
    ];
    expect(new Set([plan.digest, ...others.map(worldDigest)]).size).toBe(5);
  });
});

describe('settingsOf', () => {
  it.each([
    [{ ...config, videos: { train: 0, val: 1, test: 1 } }, 'videos.train is 0'],
    [{ ...config, videos: { train: 1, val: 1.5, test: 1 } }, 'videos.val is 1.5'],
    [{ ...config, scenesPerVideo: Number.NaN }, 'scenesPerVideo is NaN'],
    [{ ...config, questionsPerType: { audio: 1, visual: -1, audioVisual: 1 } }, 'questionsPerType.visual is -1'],
  ])('refuses %j', (wrong, message) => {
    expect(() => settingsOf(wrong)).toThrow(`${message}, expected a whole number of at least 1`);
  });

  it('leaves the seed to the scenes, which refuse one out of range', () => {
    expect(() => planWorld({ ...config, seed: 2 ** 24 })).toThrow(
      'sceneSeed: seed is 16777216, expected a whole number from 0 to 16777215',
    );
  });
});
