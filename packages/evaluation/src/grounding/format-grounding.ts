import { signed } from '../format-details';
import { type GridColumn, type TableFormat, cellText, renderGrid } from '../grid';
import { QUESTION_TYPES } from '@tass/dataset-music-avqa';
import type { GroundingFigure, GroundingFigures, GroundingSummary } from './figures';
import { HALVES, MAPS } from './grounding-meter';

const SHOWN_IN_TIME = ['share', 'hit', 'precision'] as const;
const SHOWN_IN_SPACE = ['pointing', 'mass', 'overlap'] as const;

/** Tables of all questions: attention in time, maps; then both by type and template. In percent; '' where there is nothing. */
export function formatGrounding({ columns, templates }: GroundingSummary, format: TableFormat = 'text'): string {
  const tables = [timeTable(columns.All, format), attentionTable(columns.All, format), spaceTable(columns.All, format)];
  return [...tables, typesTable({ columns, templates }, format)].filter((table) => table !== '').join('\n\n');
}

const left = (header: string): GridColumn => ({ header, align: 'left' });

/** 'visual', 'visual/head1', ..., 'audio', ...: what there are figures of. */
const lanesOf = (figures: GroundingFigures, prefix: string, measure: string): string[] =>
  HALVES.flatMap((half) =>
    Object.keys(figures).flatMap((id) => {
      const lane = id.startsWith(`${prefix}/${half}/`) && id.endsWith(`/${measure}`) ? id.slice(prefix.length + 1, -measure.length - 1) : undefined;
      return lane === undefined ? [] : [lane];
    }),
  ).sort((one, other) => HALVES.findIndex((half) => one.startsWith(half)) - HALVES.findIndex((half) => other.startsWith(half)) || one.localeCompare(other, 'en', { numeric: true })); // prettier-ignore

function timeTable(figures: GroundingFigures, format: TableFormat): string {
  const lanes = lanesOf(figures, 'time', 'hit');
  if (lanes.length === 0) return '';
  const of = (lane: string, measure: string): GroundingFigure => figures[`time/${lane}/${measure}`];
  const columns = [
    left(`attention in time, n ${of(lanes[0], 'hit').questions}`),
    ...SHOWN_IN_TIME.flatMap((measure): GridColumn[] => [
      { header: measure, opensGroup: true },
      { header: 'others' },
      { header: 'gain' },
      { header: '95 %' },
    ]),
  ];
  const bound = (name: string, cellsOf: (figure: GroundingFigure) => readonly [string, string, string]): string[] => [
    name,
    ...SHOWN_IN_TIME.flatMap((measure) => [...cellsOf(of(lanes[0], measure)), '']),
  ];
  const uniform = bound('uniform', ({ chance }) => [percentOf(chance), '', '']);
  const truth = bound('truth', ({ oracle, oracleAgainst }) => [
    percentOf(oracle),
    percentOf(oracleAgainst),
    signedPercent(oracle! - oracleAgainst!),
  ]);
  const rows = lanes.map((lane) => [
    lane.replace('/head', ', head '),
    ...SHOWN_IN_TIME.flatMap((measure) => {
      const { mean, against, gain } = of(lane, measure);
      return [
        percentOf(mean),
        percentOf(against),
        signedPercent(gain?.mean),
        gain?.low === undefined ? '' : `${signedPercent(gain.low)} to ${signedPercent(gain.high)}`,
      ];
    }),
  ]);
  return renderGrid(columns, [uniform, ...rows, truth], format);
}

function attentionTable(figures: GroundingFigures, format: TableFormat): string {
  const lanes = lanesOf(figures, 'attention', 'entropy');
  if (lanes.length === 0) return '';
  const columns = [
    left(`attention in time, n ${figures[`attention/${lanes[0]}/entropy`].questions}`),
    { header: 'entropy' },
    { header: 'weight' },
  ];
  const of = (id: string): string => figures[id]?.mean.toFixed(3) ?? '-';
  return renderGrid(columns, lanes.map((lane) => [lane.replace('/head', ', head '), of(`attention/${lane}/entropy`), of(`attention/${lane}/weight`)]), format); // prettier-ignore
}

function spaceTable(figures: GroundingFigures, format: TableFormat): string {
  const maps = MAPS.filter((map) => figures[`space/${map}/pointing`] !== undefined);
  if (maps.length === 0) return '';
  const columns = [left('maps'), { header: 'n' }, ...SHOWN_IN_SPACE.flatMap((measure): GridColumn[] => [{ header: measure, opensGroup: true }, { header: '95 %' }]), { header: 'uniform', opensGroup: true }]; // prettier-ignore
  const rows = maps.map((map) => {
    const all = SHOWN_IN_SPACE.map((measure) => figures[`space/${map}/${measure}`]);
    return [
      map,
      String(all[0].questions),
      ...all.flatMap(({ mean, interval }) => [
        percentOf(mean),
        interval ? `${percentOf(interval.low)} to ${percentOf(interval.high)}` : '',
      ]),
      percentOf(all[0].chance),
    ];
  });
  return renderGrid(columns, rows, format);
}

const OF_TYPES = [
  ...HALVES.map((half) => ({ id: `time/${half}/hit`, header: half, of: ({ gain }: GroundingFigure) => signedPercent(gain?.mean) })),
  ...MAPS.map((map) => ({ id: `space/${map}/pointing`, header: map, of: ({ mean }: GroundingFigure) => percentOf(mean) })),
];

/** By type and template: the best second in points above other videos, and the pointing of the maps. */
function typesTable({ columns, templates }: GroundingSummary, format: TableFormat): string {
  const shown = OF_TYPES.filter(({ id }) => columns.All[id] !== undefined);
  const isJudged = (figures: GroundingFigures): boolean => shown.some(({ id }) => figures[id] !== undefined);
  if (shown.length === 0) return '';
  const cells = (figures: GroundingFigures): string[] =>
    (['time', 'space'] as const).flatMap((kind) => {
      const ofKind = shown.filter(({ id }) => id.startsWith(kind));
      const judged = ofKind.map(({ id }) => figures[id]).filter((figure) => figure !== undefined);
      const count = judged.length === 0 ? '-' : String(Math.max(...judged.map(({ questions }) => questions)));
      return ofKind.length === 0 ? [] : [count, ...ofKind.map(({ id, of }) => (figures[id] ? of(figures[id]) : '-'))];
    });
  const headers = (['time', 'space'] as const).flatMap((kind): GridColumn[] => {
    const ofKind = shown.filter(({ id }) => id.startsWith(kind));
    const title = kind === 'time' ? 'n, hit over others' : 'n, pointing';
    return ofKind.length === 0 ? [] : [{ header: title, opensGroup: true }, ...ofKind.map(({ header }) => ({ header }))];
  });
  const rows = QUESTION_TYPES.flatMap(({ short, index }) => {
    if (!isJudged(columns[short] ?? {})) return [];
    const own = templates.filter(({ type, figures }) => type === index && isJudged(figures));
    return [
      [short, 'all', ...cells(columns[short])],
      ...own.map(({ template, figures }) => ['', cellText(template, format), ...cells(figures)]),
    ];
  });
  return renderGrid([left('type'), left('template'), ...headers], rows, format);
}

const percentOf = (share: number | undefined): string => (share === undefined ? '-' : (100 * share).toFixed(1));
const signedPercent = (share: number | undefined): string => (share === undefined ? '-' : signed(100 * share, 1));
