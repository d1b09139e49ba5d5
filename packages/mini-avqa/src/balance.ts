import { candidates, cellOf, questionText, type Candidate } from './questions';
import { randomOf, type Random } from './random';
import { drawScene, sceneSeed, type Scene, type Stream } from './scene';
import { templateNames, templates, type Template, type TemplateName } from './templates';

/** How many questions of each type of a modality a video may have. */
export interface QuestionsPerType {
  readonly audio: number;
  readonly visual: number;
  readonly audioVisual: number;
}

/** A split of the world: which scenes, how many, and how many questions of each. */
export interface SplitConfig {
  readonly stream: Stream;
  readonly seed: number;
  readonly videos: number;
  readonly questionsPerType: QuestionsPerType;
  readonly scenesPerVideo: number; // drawn for each video; the one with the scarcest questions is kept
}

/** What worlds are made with unless told otherwise (ours). */
export const defaultBalance = { questionsPerType: { audio: 2, visual: 2, audioVisual: 3 }, scenesPerVideo: 10 } as const;

/** A scene and the questions that are asked about it. */
export interface AskedScene {
  readonly scene: Scene;
  readonly questions: readonly Candidate[];
}

const tolerance = 1.05; // a cell may have this times its share of the template's questions
const slack = 2; // and this many more
const mostOfType = 2; // a template may have this times the questions of the scarcest template of its type
const mostAlike = 0.53; // of a template's questions with the same clue may have the same truth, over all clues of a question
const greatestWorth = 4; // of a scarce type, template, cell or truth, each

/**
 * Draws the scenes and questions of a split so that the answers of every template, and of every filled text, come level.
 * A cell (see `Template.shares`) that has more than its share, or a truth that a clue would give away, is closed until the others have
 * caught up.
 */
export function drawSplit({ stream, seed, videos, questionsPerType, scenesPerVideo }: SplitConfig): AskedScene[] {
  const ledger: Ledger = new Map();
  return Array.from({ length: videos }, (_, video) => {
    const drawn = Array.from({ length: scenesPerVideo }, (_, attempt) => {
      const scene = drawScene(sceneSeed(stream, seed, video * scenesPerVideo + attempt));
      return { scene, ...choose(candidates(scene), questionsPerType, ledger, randomOf(scene.seed, 'questions')) };
    });
    const best = drawn.reduce((one, other) => (other.worth > one.worth ? other : one));
    for (const entry of best.chosen) record(ledger, entry, 1);
    return { scene: best.scene, questions: best.chosen.map(({ candidate }) => candidate) };
  });
}

/** How many questions were asked of a type, template or cell, with a text, a text and an answer, a clue, a clue and a truth. */
type Ledger = Map<string, number>;

/** A candidate and its keys in the ledger. */
interface Entry {
  readonly candidate: Candidate;
  readonly type: string;
  readonly template: string;
  readonly cell: string;
  readonly text: string;
  readonly answer: string;
  readonly clues: readonly { readonly clue: string; readonly truth: string }[];
}

const typeOf = (name: TemplateName) => templates[name].type.join(' ');
const types = [...new Set(templateNames.map(typeOf))];
const templatesOf = new Map(types.map((type) => [type, templateNames.filter((name) => typeOf(name) === type)]));

function entryOf(candidate: Candidate): Entry {
  const text = questionText(candidate);
  const cell = `${candidate.template}: ${cellOf(candidate)}`;
  const clues = (candidate.clues ?? []).map(({ clue, truth }) => {
    const key = `${candidate.template} if ${clue}`;
    return { clue: key, truth: `${key}: ${truth}` };
  });
  const { template } = candidate;
  return { candidate, type: typeOf(template), template, cell, text, answer: `${text}: ${candidate.answer}`, clues };
}

const countOf = (ledger: Ledger, key: string) => ledger.get(key) ?? 0;

function record(ledger: Ledger, { type, template, cell, text, answer, clues }: Entry, by: 1 | -1): void {
  const ofClues = clues.flatMap(({ clue, truth }) => [clue, truth]);
  for (const key of [type, template, cell, text, answer, ...ofClues]) ledger.set(key, countOf(ledger, key) + by);
}

/** The questions of one scene, and what they are worth together. */
function choose(all: readonly Candidate[], perType: QuestionsPerType, ledger: Ledger, random: Random) {
  const entries = random.shuffled(all).map(entryOf);
  const chosen: Entry[] = [];
  let worth = 0;
  for (const type of types) {
    const limit = type.startsWith('Audio-Visual') ? perType.audioVisual : type.startsWith('Audio') ? perType.audio : perType.visual;
    const ofType = entries.filter((entry) => entry.type === type);
    for (let asked = 0; asked < limit; asked++) {
      const unasked = ofType.filter(({ text }) => !chosen.some((other) => other.text === text));
      const next = rarest(unasked, random.shuffled(templatesOf.get(type)!), ledger);
      if (!next) break;
      worth += worthOf(next, ledger);
      chosen.push(next);
      record(ledger, next, 1);
    }
  }
  for (const entry of chosen) record(ledger, entry, -1); // this scene may not be the one that is kept
  return { chosen, worth };
}

/** Of the template with the fewest questions that has an open candidate, the one whose answer its text, then its cell, lacks most. */
function rarest(entries: readonly Entry[], names: readonly TemplateName[], ledger: Ledger): Entry | undefined {
  const order = names.map((name) => ({ name, count: countOf(ledger, name) })).sort((one, other) => one.count - other.count);
  for (const { name, count } of order) {
    if (count > mostOfType * order[0].count + slack) break;
    let best: Entry | undefined;
    for (const entry of entries) {
      if (entry.template !== name || !isOpen(entry, ledger)) continue;
      const lead = best ? lean(entry, ledger) - lean(best, ledger) || excess(entry, ledger) - excess(best, ledger) : -1;
      if (lead < 0) best = entry;
    }
    if (best) return best;
  }
  return undefined;
}

/** How far a candidate's answer is above its share of the questions with the same filled text. */
function surplus({ candidate, text, answer }: Entry, ledger: Ledger): number {
  const cells: Template['shares'] = templates[candidate.template].shares;
  const share = Object.keys(cells).reduce((sum, cell) => sum + (cell.split(',')[0] === candidate.answer ? cells[cell] : 0), 0);
  return countOf(ledger, answer) - tolerance * share * countOf(ledger, text);
}

/** Questions of a candidate's cell, relative to what its share allows. */
function excess({ candidate, template, cell }: Entry, ledger: Ledger): number {
  const { shares }: Template = templates[candidate.template];
  return (countOf(ledger, cell) - slack) / (shares[cellOf(candidate)] * (countOf(ledger, template) + 1));
}

/** How far what is true of a candidate's clues is above what may be, summed: one clue may lean where another leans the other way. */
function giveaway({ clues }: Entry, ledger: Ledger): number {
  return clues.reduce((sum, { clue, truth }) => sum + countOf(ledger, truth) - mostAlike * countOf(ledger, clue), 0);
}

const lean = (entry: Entry, ledger: Ledger) => surplus(entry, ledger) + giveaway(entry, ledger);

const isOpen = (entry: Entry, ledger: Ledger) =>
  excess(entry, ledger) <= tolerance && surplus(entry, ledger) <= 1 && giveaway(entry, ledger) <= 1;

/** A question is worth more the fewer questions its type, its template, its cell and the truths of its clues have. */
function worthOf({ candidate, type, template, cell, clues }: Entry, ledger: Ledger): number {
  const ratio = (wanted: number, count: number) => Math.min(greatestWorth, (wanted + 1) / (count + 1));
  const { shares }: Template = templates[candidate.template];
  const all = types.reduce((sum, name) => sum + countOf(ledger, name), 0);
  const [ofType, ofTemplate, ofCell] = [type, template, cell].map((key) => countOf(ledger, key));
  return (
    ratio(all / types.length, ofType) *
    ratio(ofType / templatesOf.get(type)!.length, ofTemplate) *
    ratio(ofTemplate * shares[cellOf(candidate)], ofCell) *
    clues.reduce((product, { clue, truth }) => product * ratio(mostAlike * countOf(ledger, clue), countOf(ledger, truth)), 1)
  );
}
