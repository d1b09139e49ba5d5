import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { smallLeaderboard } from './fixtures/small-leaderboard';
import { publishedRows, renderCsv, renderJson, renderLatex, renderMarkdown, renderPage, renderText, type Leaderboard } from './index';

const here = mkdtempSync(join(tmpdir(), 'leaderboard-'));
afterAll(() => rmSync(here, { recursive: true, force: true }));

it('runs the example of the README', () => {
  const computed = smallLeaderboard;
  const publishedOn = { dataset: 'MUSIC-AVQA', questions: 'json_update/avqa-test.json' };
  const leaderboard: Leaderboard = { ...computed, published: publishedRows, publishedOn };
  expect(renderText(leaderboard)).toContain('Published on these questions, not measured here');
  const files = { html: renderPage, md: renderMarkdown, csv: renderCsv, json: renderJson, tex: renderLatex };
  for (const [kind, render] of Object.entries(files)) writeFileSync(join(here, `leaderboard.${kind}`), render(leaderboard));

  const written = Object.keys(files).map((kind) => readFileSync(join(here, `leaderboard.${kind}`), 'utf8'));
  expect(written.map((text) => text.slice(0, 9))).toEqual(['<!doctype', '# Small\n\n', 'level,met', '{\n  "sche', '% \\usepac']);
  for (const text of written) expect(text).toContain('QA-TIGER');
});
