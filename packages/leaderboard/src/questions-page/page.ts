import { html, NOTHING, renderWebPage } from '@tass/web-page';
import type { DrillDown, MethodAnswers } from './drill-down';
import { SCRIPT } from './script';
import { STYLE } from './style';

const ICON =
  'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"%3E%3Cpath d="M2 3h12v2H2zm0 4h12v2H2zm0 4h8v2H2z" fill="%230a7ab5"/%3E%3C/svg%3E';

/** The most answers of a page, to keep it below 2 MB for any answers: an answer that is drawn at random takes less than a byte. */
const MOST_ANSWERS = 1_800_000;

/**
 * The questions of a leaderboard as one HTML page that requests nothing: by type and template those that a method answers rightly or wrongly, or that two
 * methods answer differently, with texts and answers in words. If there is no room for all methods, the best are kept.
 */
export function renderQuestionsPage({ title, dataset, split, answers, templates, questions, methods }: DrillDown): string {
  const kept = fitting(methods, questions.length);
  const left = methods.length - kept.length;
  const videos = [...new Set(questions.map(({ videoId }) => videoId))];
  const texts = [...new Set(questions.map(({ text }) => text))];
  const placeOfVideo = new Map(videos.map((video, at) => [video, at]));
  const placeOfText = new Map(texts.map((text, at) => [text, at]));
  return renderWebPage({
    title: `${title} · questions`,
    icon: ICON,
    kind: 'Audio-visual question answering · questions of a leaderboard',
    style: STYLE,
    script: SCRIPT,
    header: html`<h1>${title}: questions</h1>
      <p>
        ${questions.length.toLocaleString('en')} questions of ${dataset}, ${split}. Of several seeds, a method is right where most of them
        are, and its answer is the most frequent one.
        ${left === 0 ? NOTHING : html`The last ${left} of ${methods.length} methods are left out, as the page would grow too large. `}<a
          href="leaderboard.html"
          >The leaderboard</a
        >
      </p>`,
    main: html`<form id="choice" hidden></form>
      <p id="count" role="status">This page needs its program: scripts are switched off here, or the browser is from before 2023.</p>
      <div class="scroll" tabindex="0" role="region" aria-label="Questions"><table id="questions" class="list"></table></div>
      <p><button type="button" id="more" hidden>Show more</button></p>
      <div id="explain"></div>`,
    data: {
      ...{ split, answers, templates, videos, texts },
      questions: {
        id: questions.map(({ id }) => id),
        video: questions.map(({ videoId }) => placeOfVideo.get(videoId)),
        text: questions.map(({ text }) => placeOfText.get(text)),
        template: questions.map(({ template }) => template),
        answer: written(questions.map(({ answer }) => answer)),
      },
      methods: kept.map(({ name, runs }) => ({ name, runs: runs.map((run) => ({ id: run.id, isHere: run.isHere, answers: written(run.answers) })) })), // prettier-ignore
    },
  });
}

/** The best methods with all their runs, as many as fit; at least one. */
function fitting(methods: readonly MethodAnswers[], questions: number): readonly MethodAnswers[] {
  let taken = 0;
  return methods.filter(({ runs }, at) => (taken += runs.length * questions) <= MOST_ANSWERS || at === 0);
}

/** A letter for each answer, from '0' on: compresses far better than numbers. */
const written = (answers: ArrayLike<number>): string => Array.from(answers, (answer) => String.fromCharCode(48 + answer)).join('');
