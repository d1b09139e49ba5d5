import { type Html, listTable, NOTHING, html } from '@tass/web-page';
import type { DeletionCurve, Explanation, Look } from '../explanation';
import { area } from '../notices';
import { given, mean, percent, short } from '../words';

const [WIDTH, HEIGHT] = [360, 220];
const INNER = { left: 40, right: WIDTH - 22, top: 10, bottom: HEIGHT - 36 };
const TICKS = [0, 0.25, 0.5, 0.75, 1];
const TOPS = [0.1, 0.2, 0.4, 0.6, 0.8, 1]; // of the probability's axis: the least that holds all curves
const x = (share: number): number => short(INNER.left + share * (INNER.right - INNER.left));

const READING =
  'Probability of the answer when more and more is taken away: the most attended first (line with dots), or in drawn orders (grey, their mean dashed). What the network attends to carries its answer where the line lies below the grey ones.';

/** How each run's answer drops when the attended parts are removed, compared with random orders. */
export const curves = ({ looks }: Explanation): Html =>
  html`${looks.some(({ curves }) => curves.length > 0) ? html`<p class="none">${READING}</p>` : NOTHING}
    <div class="charts">
      ${looks.map((look) =>
        look.curves.length === 0
          ? html`<p class="none">${looks.length > 1 ? `${look.run.name}: ` : ''}${look.absent.curves ?? 'Nothing was taken away.'}</p>`
          : look.curves.map((curve) => chart(curve, look, looks.length > 1)),
      )}
    </div>`;

function chart(curve: DeletionCurve, look: Look, isNamed: boolean): Html {
  const { part, removed, deletion, random } = curve;
  const most = Math.max(...deletion, ...random.flat());
  const top = TOPS.find((one) => one >= most) ?? 1;
  const y = (share: number): number => short(INNER.bottom - (share / top) * (INNER.bottom - INNER.top));
  const path = (values: readonly number[]): string => `M${values.map((share, at) => `${x(removed[at])} ${y(share)}`).join('L')}`;
  const average = removed.map((_, at) => mean(random.map((one) => one[at])));
  const areas = `area ${percent(area(curve, deletion), 1)}${random.length === 0 ? '' : `, random ${percent(area(curve, average), 1)}`}`;
  const title = `${part === 'seconds' ? 'Seconds' : 'Regions'} taken away${isNamed ? `, ${look.run.name}` : ''}`;
  return html`<figure class="chart">
    <figcaption>${title} <span class="none">${areas}</span></figcaption>
    <svg
      viewBox="0 0 ${WIDTH} ${HEIGHT}"
      role="img"
      aria-label="${title}: probability of “${given(look).answer}”, ${areas}; the table has the points"
    >
      ${TICKS.map(
        (tick) =>
          html`<path class="grid" d="M${INNER.left} ${y(top * tick)}H${INNER.right}" /><text
              x="${INNER.left - 6}"
              y="${y(top * tick) + 4}"
              text-anchor="end"
              >${percent(top * tick, top < 0.2 ? 1 : 0)}</text
            ><text x="${x(tick)}" y="${INNER.bottom + 15}" text-anchor="middle">${percent(tick)}</text>`,
      )}
      <text x="${(INNER.left + INNER.right) / 2}" y="${HEIGHT - 4}" text-anchor="middle">taken away</text>
      ${random.map((one) => html`<path class="random" d="${path(one)}" />`)}
      ${random.length > 1 ? html`<path class="random-mean" d="${path(average)}" />` : NOTHING}
      <path class="deletion" d="${path(deletion)}" />
      ${deletion.map((share, at) => html`<circle class="deletion-point" cx="${x(removed[at])}" cy="${y(share)}" r="2.6" />`)}
    </svg>
    <details>
      <summary>The points as a table</summary>
      ${listTable({
        heads: ['Taken away', 'Most attended first', ...(random.length > 0 ? [`Random, mean of ${random.length}`] : [])],
        rows: removed.map((share, at) => [
          ...([percent(share), percent(deletion[at], 1)] as const),
          ...(random.length > 0 ? [percent(average[at], 1)] : []),
        ]),
      })}
    </details>
  </figure>`;
}
