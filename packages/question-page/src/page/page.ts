import { definitionList, type Html, NOTHING, html, renderWebPage, utc } from '@tass/web-page';
import { expectFitting } from '../check';
import type { Explanation, Look } from '../explanation';
import { noticesOf } from '../notices';
import { asked, seconds } from '../words';
import { answers, verdicts } from './answers';
import { counterfactuals } from './counterfactuals';
import { curves } from './curves';
import { definitions } from './frames';
import { ICON } from './icon';
import { questionWords } from './question-words';
import { savers } from './savers';
import { SCRIPT } from './script';
import { segmentTable } from './segment-table';
import { stage, transport } from './stage';
import { STYLE } from './style';
import { timeline } from './timeline';
import { againstTruth, isKnown } from './truth';

/**
 * One question as one HTML page that loads nothing, even from file://: frames under maps, sound and attention on one time axis, answers,
 * what moves them, and the figures as gzipped JSON. `index`: the page of all questions, from this one's folder. Throws RangeError if the
 * parts of the explanation do not fit each other.
 */
export function renderQuestionPage(explanation: Explanation, index: string | null = null): string {
  expectFitting(explanation);
  const { question, video, looks } = explanation;
  const some = (isSo: (look: Look) => boolean): boolean => looks.some(isSo);
  const isSeen = video.segments.some(({ frame }) => frame !== null) || some(({ maps }) => maps.length > 0);
  return renderWebPage({
    title: `${asked(question.text)} · question ${question.id}`,
    icon: ICON,
    kind: 'Audio-visual question answering · one question',
    style: STYLE,
    script: SCRIPT,
    hasSound: explanation.video.sound !== null,
    header: html`${index === null ? NOTHING : html`<p class="up"><a href="${index}">All questions</a></p>`}
      <h1 data-file="question-${question.id.replaceAll(/[^\w.-]/g, '_')}">${asked(question.text)}</h1>
      ${verdicts(explanation)} ${notices(explanation)}`,
    main: html`${definitions(explanation)}
      <div class="overview${isSeen ? '' : ' unseen'}">
        ${section('seen', 'Where it looks', 'frame and map', stage(explanation), isSeen)}
        ${section('time', 'When it looks and listens', 'time line', html`${transport(explanation)}${timeline(explanation)}${segmentTable(explanation)}`)}
      </div>
      ${isKnown(explanation) ? section('truth', 'Held against the truth', 'measures', againstTruth(explanation)) : NOTHING}
      <div class="halves">
        ${section('answers', 'What it answers', 'answers', answers(explanation))}
        ${section('words', 'What it looks for', 'words', questionWords(explanation))}
      </div>
      ${section(
        'altered',
        'What moves the answer',
        'counterfactuals',
        counterfactuals(explanation),
        some(({ counterfactuals }) => counterfactuals.length > 0),
      )}
      ${section(
        'curves',
        'Does the answer need what it attends to?',
        'deletion curves',
        curves(explanation),
        some(({ curves }) => curves.length > 0),
      )}
      ${section('about', 'This question', 'facts', html`${facts(explanation)}${runs(explanation)}`)}`,
    footer: html`<p>
      This page is a single file that loads nothing.
      <button type="button" id="save-all" class="save" hidden>Save all figures as JSON</button>
    </p>`,
    data: figuresOf(explanation),
  });
}

/** `isSaved`: there is a picture in it to save. */
const section = (id: string, title: string, picture: string, content: Html, isSaved = true): Html =>
  html`<section id="${id}" aria-labelledby="${id}-title">
    <div class="section-head">
      <h2 id="${id}-title">${title}</h2>
      ${isSaved ? savers(id, picture) : NOTHING}
    </div>
    ${content}
  </section> `;

function facts({ question, video, looks, created }: Explanation): Html {
  const all: (readonly [string, string | null])[] = [
    ['Type', question.type],
    ['Template', question.template],
    ['Question', question.id],
    ['Video', video.id],
    ['Length', `${seconds(video.seconds)} s, ${video.segments.length} segments`],
    ['Split', question.split],
    [looks.length > 1 ? 'Runs' : 'Run', looks.map(({ run }) => run.name).join(', ')],
    ['Made', utc(created)],
  ];
  return definitionList(all, 'facts');
}

function notices(explanation: Explanation): Html {
  const all = noticesOf(explanation);
  if (all.length === 0) return NOTHING;
  return html`<section class="notices" aria-labelledby="notices-title">
    <h2 id="notices-title">Read with care</h2>
    <ul>
      ${all.map((notice) => html`<li>${notice}</li>`)}
    </ul>
  </section>`;
}

const runs = ({ looks }: Explanation): Html =>
  html`<div class="side">
    ${looks.map(({ run }) => {
      const seed = run.seed === null ? null : String(run.seed);
      return html`<div>
        ${looks.length > 1 ? html`<h3>${run.name}</h3>` : NOTHING}
        ${definitionList([['Folder', run.id], ['Network', run.network], ['Seed', seed], ...run.facts], 'run')}
      </div>`;
    })}
  </div>`;

/** The numbers, without pictures and sound, which the page holds as such. */
function figuresOf({ video, ...rest }: Explanation): unknown {
  const { segments, sound, ...ofVideo } = video;
  return {
    schemaVersion: 1,
    ...rest,
    video: {
      ...ofVideo,
      segments: segments.map(({ frame, ...segment }) => ({ ...segment, hasFrame: frame !== null })),
      sound: sound === null ? null : { mediaType: sound.mediaType, peaks: sound.peaks, mel: sound.mel },
    },
  };
}
