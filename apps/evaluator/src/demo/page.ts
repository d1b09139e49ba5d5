import { html, renderWebPage, type Html } from '@tass/web-page';
import { chooseQuestions, type OpenedRun } from '@tass/explanation';
import { ICON } from '@tass/question-page';
import type { OfferedVideo } from './offered-videos';
import { SCRIPT } from './page-script';

const MOST_EXAMPLES = 9; // one a type

/** The form page. Its script talks only to the server that served it. */
export function renderDemoPage(
  { experiment, network, record, data }: OpenedRun,
  videos: readonly OfferedVideo[],
  mostBytes: number,
): string {
  const examples = chooseQuestions(data.val, { most: MOST_EXAMPLES }, () => false, 'val').map(({ text }) => text);
  return renderWebPage({
    title: `Ask ${experiment.title}`,
    icon: ICON,
    kind: 'Audio-visual question answering · ask a run',
    style: STYLE,
    script: SCRIPT,
    isServed: true,
    header: html`<h1>Ask ${experiment.title}</h1>
      <p class="none">${network.name}, seed ${record.manifest.seed} · ${record.manifest.id} · Nothing leaves this machine.</p>`,
    main: html`<form id="form">
        <fieldset class="videos">
          <legend>Video</legend>
          ${videos.map((video, at) => offered(video, at))}
          <label class="own">
            <input type="radio" name="video" value="" ${videos.length === 0 ? html`checked` : ''} />
            <span>A file of yours, or drop one on this page</span>
            <input type="file" id="file" accept="video/*" aria-label="A video file" />
          </label>
        </fieldset>
        <label for="question">Question</label>
        <div class="line">
          <input id="question" required maxlength="300" autocomplete="off" placeholder="${examples[0] ?? ''}?" />
          <button type="submit">Ask</button>
        </div>
        <div id="examples" role="group" aria-label="Examples of questions"></div>
        <p id="trouble" role="alert"></p>
      </form>
      <section id="answers" aria-labelledby="answers-title" hidden>
        <h2 id="answers-title">Answers</h2>
        <ol id="asked" reversed></ol>
        <iframe name="page" title="Why it answered so"></iframe>
      </section>`,
    data: { examples, mostBytes, questions: Object.fromEntries(videos.map(({ id, questions }) => [id, questions])) },
  });
}

const offered = ({ id, picture }: OfferedVideo, at: number): Html =>
  html`<label>
    <input type="radio" name="video" value="${id}" ${at === 0 ? html`checked` : ''} />
    <img src="data:image/jpeg;base64,${picture}" alt="" width="80" height="80" />
    <span>${id}</span>
  </label>`;

const STYLE = `
fieldset.videos{display:grid;grid-template-columns:repeat(auto-fill,minmax(6rem,1fr));gap:.7rem;border:0;margin:1.4rem 0;padding:0}
.videos legend,form>label{font-weight:600;padding:0 0 .3rem;display:block}
.videos label{display:flex;flex-direction:column;gap:.3rem;align-items:center;padding:.6rem;border:1px solid var(--line);border-radius:10px;cursor:pointer;font-size:.85rem;overflow-wrap:anywhere}
.videos label:has(:checked){background:var(--band);border-color:var(--accent)}
.videos label:has([type=radio]:focus-visible){outline:2px solid var(--focus);outline-offset:2px}
.videos [type=radio]{accent-color:var(--accent)}
.videos img{border-radius:6px}
.videos .own{grid-column:1/-1;flex-flow:row wrap;justify-content:flex-start}
.videos [type=file]{font:inherit;max-width:100%}
.dropping .own{border-style:dashed;border-color:var(--focus)}
.line{display:flex;gap:.6rem;flex-wrap:wrap}
#question{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--line);border-radius:6px;padding:.5rem .7rem;flex:1 1 16rem;min-width:0}
#examples{display:flex;flex-wrap:wrap;gap:.4rem;margin:.7rem 0}
#examples button{font-size:.82rem;color:var(--muted);text-align:left}
#trouble:not(:empty){color:var(--worse);font-weight:600;overflow-wrap:anywhere}
[aria-disabled=true]{opacity:.5;cursor:progress}
#asked{padding-left:1.4rem}
#asked li{margin:0 0 .8rem;overflow-wrap:anywhere}
#asked b{font-size:1.2rem}
iframe{width:100%;border:1px solid var(--line);border-radius:10px;min-height:30rem}`;
