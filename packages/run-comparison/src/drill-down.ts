import { ANSWERS } from '@tass/dataset-music-avqa';
import { groupByTemplate } from '@tass/evaluation';
import type { DrillDown, Leaderboard } from '@tass/leaderboard';
import type { BoardMethod } from './board';
import type { Page } from './page';

/** The questions of a leaderboard's page with the answers of its methods, in the leaderboard's order. */
export function makeDrillDown(page: Page, methods: readonly BoardMethod[], leaderboard: Leaderboard): DrillDown {
  const templateOf = new Map(
    groupByTemplate(page.questions).flatMap(({ questions }, at) => Array.from(questions, (question) => [question, at] as const)),
  );
  const byId = new Map(methods.map((method) => [method.id, method]));
  return {
    ...{ title: leaderboard.title, dataset: page.name, split: page.split, answers: ANSWERS },
    templates: leaderboard.templates.map(({ type, template }) => ({ type, template })),
    questions: page.questions.map(({ id, videoId, text, answer }, at) => ({ id, videoId, text, answer, template: templateOf.get(at)! })),
    methods: leaderboard.methods.map(({ id, name }) => ({
      name,
      runs: byId.get(id)!.runs.map(({ row, answers }) => ({ id: row.id, isHere: row.folder !== null, answers })),
    })),
  };
}
