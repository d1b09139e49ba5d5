import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseLeaderboard, type LeaderboardCommand } from './command-line';
import { BoardProject } from './fixtures/board-project';
import { leaderboardOf, writeLeaderboard } from './leaderboard-command';

let project: BoardProject;
beforeEach(() => (project = new BoardProject()));
afterEach(() => project.remove());

const command = (...words: string[]): LeaderboardCommand =>
  parseLeaderboard(words.some((word) => word.startsWith('--resamples')) ? words : ['--resamples=200', ...words]);
const compare = (asked: LeaderboardCommand) => leaderboardOf(project.settings.runs, asked, project.settings, () => undefined);
/** Right on the first `count` of 36 test questions. */
const first = (count: number) => (_: unknown, index: number): boolean => index < count; // prettier-ignore
const written = (...words: string[]): string => {
  const asked = command(...words);
  return writeLeaderboard(compare(asked), asked, project.settings);
};
const files = [...['csv', 'html', 'json', 'md', 'tex'].map((ending) => `leaderboard.${ending}`), 'questions.html'];

it('is written in five forms into a folder named after what was asked for, or the one asked for', () => {
  project.run({ experiment: 'ablations/cms', right: first(10) });
  expect(written()).toContain('All runs');
  expect(written()).toMatch(/leaderboards\/all\/leaderboard\.\{csv,json,md,tex,html\}$/);
  expect(readdirSync(join(project.folder, 'leaderboards/all'))).toEqual(files);
  const pages = ['leaderboard.html', 'questions.html'].map((file) => readFileSync(join(project.folder, 'leaderboards/all', file), 'utf8'));
  expect(pages[0]).toContain('href="questions.html#template=0"');
  expect(pages[1]).toContain('>All runs: questions<');
  written('--exp=ablations/cms');
  expect(readdirSync(join(project.folder, 'leaderboards')).sort()).toEqual(['ablations-cms', 'all']);
  written(`--out=${project.folder}/some/where`, '--title=Mine');
  expect(readdirSync(join(project.folder, 'some/where'))).toEqual(files);
  expect(JSON.parse(readFileSync(join(project.folder, 'some/where/leaderboard.json'), 'utf8'))).toMatchObject({ title: 'Mine' });
  writeFileSync(join(project.folder, 'file'), '');
  expect(() => written(`--out=${project.folder}/file/x`)).toThrow(
    /cannot write a leaderboard in .*file\/x: a part of .* is a file, not a folder/,
  );
});

it('has links to the files of its runs where the page lies in the project, and none elsewhere', () => {
  const run = project.run({ right: first(10) });
  const page = (folder: string): string => readFileSync(join(folder, 'leaderboard.html'), 'utf8');
  written();
  const [, way] = /href="([^"#]*config\.yaml)"/.exec(page(join(project.folder, 'leaderboards/all'))) ?? [];
  expect(existsSync(join(project.folder, 'leaderboards/all', way))).toBe(true);
  expect(way).toBe(`../../runs/board/${basename(run)}/config.yaml`);
  const elsewhere = mkdtempSync(join(tmpdir(), 'tass-board-page-'));
  written(`--out=${elsewhere}`);
  expect(page(elsewhere)).toContain('Their files are not linked');
  expect(page(elsewhere)).not.toContain(basename(project.folder));
  rmSync(elsewhere, { recursive: true });
});

it('has a word on resamples that are too few for the tests', () => {
  project.run({ right: first(10) });
  project.run({ title: 'other', overrides: ['model.dim=8'], right: first(5) });
  expect(written()).toContain("With 200 resamples no difference in a type can be significant after Holm's correction, however large it is: use --resamples=360 or"); // prettier-ignore
  expect(written('--resamples=360')).not.toContain('resamples no difference');
});

it('has published figures in separate tables where they are asked for, else with a word on why there are none', () => {
  project.run({ right: first(10) });
  const none = 'No published result covers exactly the questions of this page (unknown questions, avqa-test.json, test);';
  expect(written()).toContain(`${none} --published shows results on other questions, in separate tables.`);
  const asked = written('--published');
  expect(asked).toContain(`${none} results on other questions follow, in separate tables.`);
  expect(asked.indexOf('Published on MUSIC-AVQA, json_update/avqa-test.json\n')).toBeGreaterThan(asked.indexOf('Accuracy in percent'));
  expect(asked).not.toContain('Published on these questions');
  expect(compare(command()).leaderboard.published).toEqual([]);
});
