import { candidates, cellsWith, type Candidate } from './questions';
import { randomOf, type Random } from './random';
import { drawScene, sceneSeed, type Scene, type Stream } from './scene';
import { templateNames, templates, type TemplateName } from './templates';

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

/** The defaults of worlds (ours). */
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
 * Draws the scenes and questions of a split so that the answers of every template, and of every filled text, are balanced.
 * A cell (see `Template.shares`) that exceeds its share, or a truth that a clue would reveal, is closed until the others have
 * caught up. Scene by scene, so that the first can be drawn while the next are chosen.
 */
export function* drawSplit({ stream, seed, videos, questionsPerType, scenesPerVideo }: SplitConfig): Generator<AskedScene> {
  const ledger = new Ledger();
  for (let video = 0; video < videos; video++) {
    const drawn = Array.from({ length: scenesPerVideo }, (_, attempt) => {
      const scene = drawScene(sceneSeed(stream, seed, video * scenesPerVideo + attempt));
      return { scene, ...choose(candidates(scene), questionsPerType, ledger, randomOf(scene.seed, 'questions')) };
    });
    const best = drawn.reduce((one, other) => (other.worth > one.worth ? other : one));
    for (const entry of best.chosen) record(entry, 1);
    yield { scene: best.scene, questions: best.chosen.map(({ candidate }) => candidate) };
  }
}

const typeOf = new Map(templateNames.map((name) => [name, templates[name].type.join(' ')]));
const types = [...new Set(typeOf.values())];
const templatesOf = new Map(types.map((type) => [type, templateNames.filter((name) => typeOf.get(name) === type)]));

/** How many questions of a kind were asked, and of its sub-kinds. */
class Count {
  asked = 0;
  private readonly below = new Map<string, Count>();

  /** The kind below this one. Joining names into one key would take longer than everything else here. */
  of(name: string): Count {
    let count = this.below.get(name);
    if (!count) this.below.set(name, (count = new Count()));
    return count;
  }
}

/** Counts of a split: by type, by template, and of a template by cell, text, text and answer, clue, clue and truth. */
class Ledger {
  readonly types = new Count();
  readonly templates = new Count();
}

/** A candidate and its counts in the ledger. */
interface Entry {
  readonly candidate: Candidate;
  readonly type: Count;
  readonly template: Count;
  readonly cell: Count;
  readonly text: Count;
  readonly answer: Count;
  readonly clues: readonly { readonly clue: Count; readonly truth: Count }[];
  readonly share: number; // of its cell
  readonly answerShare: number; // of all cells with its answer
}

function entryOf(candidate: Candidate, ledger: Ledger): Entry {
  const { template: name, values, answer, circumstance = '', clues = [] } = candidate;
  const template = ledger.templates.of(name);
  const text = values.reduce((count, value) => count.of(value), template.of('text'));
  const ofClues = template.of('clue');
  const shares = cellsWith(name, answer)!;
  let answerShare = 0;
  for (const share of shares.values()) answerShare += share;
  return {
    candidate,
    type: ledger.types.of(typeOf.get(name)!),
    template,
    cell: template.of('cell').of(answer).of(circumstance),
    text,
    answer: text.of('answer').of(answer),
    clues: clues.map(({ clue, truth }) => ({ clue: ofClues.of(clue), truth: ofClues.of(clue).of(truth) })),
    share: shares.get(circumstance)!,
    answerShare,
  };
}

function record({ type, template, cell, text, answer, clues }: Entry, by: 1 | -1): void {
  for (const count of [type, template, cell, text, answer, ...clues.flatMap(({ clue, truth }) => [clue, truth])]) count.asked += by;
}

/** The questions of one scene, and what they are worth together. */
function choose(all: readonly Candidate[], perType: QuestionsPerType, ledger: Ledger, random: Random) {
  const shuffled = random.shuffled(all);
  const entries = new Map<TemplateName, Entry[]>();
  const entriesOf = (name: TemplateName): readonly Entry[] => {
    let known = entries.get(name);
    if (!known) {
      known = shuffled.filter(({ template }) => template === name).map((candidate) => entryOf(candidate, ledger));
      entries.set(name, known);
    }
    return known;
  };
  const chosen: Entry[] = [];
  let worth = 0;
  for (const type of types) {
    const limit = type.startsWith('Audio-Visual') ? perType.audioVisual : type.startsWith('Audio') ? perType.audio : perType.visual;
    for (let asked = 0; asked < limit; asked++) {
      const unasked = (name: TemplateName) => entriesOf(name).filter(({ text }) => !chosen.some((other) => other.text === text));
      const next = rarest(unasked, random.shuffled(templatesOf.get(type)!), ledger);
      if (!next) break;
      worth += worthOf(next, ledger);
      chosen.push(next);
      record(next, 1);
    }
  }
  for (const entry of chosen) record(entry, -1); // this scene may not be the one that is kept
  return { chosen, worth };
}

/** Of the template with the fewest questions that has an open candidate, the one whose answer its text, then its cell, lacks most. */
function rarest(entriesOf: (name: TemplateName) => readonly Entry[], names: readonly TemplateName[], ledger: Ledger): Entry | undefined {
  const order = names.map((name) => ({ name, count: ledger.templates.of(name).asked })).sort((one, other) => one.count - other.count);
  for (const { name, count } of order) {
    if (count > mostOfType * order[0].count + slack) break;
    let best: Entry | undefined;
    for (const entry of entriesOf(name)) {
      if (!isOpen(entry)) continue;
      const lead = best ? lean(entry) - lean(best) || excess(entry) - excess(best) : -1;
      if (lead < 0) best = entry;
    }
    if (best) return best;
  }
  return undefined;
}

/** How far a candidate's answer is above its share of the questions with the same filled text. */
const surplus = ({ text, answer, answerShare }: Entry) => answer.asked - tolerance * answerShare * text.asked;

/** Questions of a candidate's cell, relative to what its share allows. */
const excess = ({ template, cell, share }: Entry) => (cell.asked - slack) / (share * (template.asked + 1));

/** How far what is true of a candidate's clues is above what may be, summed: one clue may lean where another leans the other way. */
const giveaway = ({ clues }: Entry) => clues.reduce((sum, { clue, truth }) => sum + truth.asked - mostAlike * clue.asked, 0);

const lean = (entry: Entry) => surplus(entry) + giveaway(entry);

const isOpen = (entry: Entry) => excess(entry) <= tolerance && surplus(entry) <= 1 && giveaway(entry) <= 1;

/** A question is worth more the fewer questions its type, its template, its cell and the truths of its clues have. */
function worthOf({ candidate, type, template, cell, clues, share }: Entry, ledger: Ledger): number {
  const ratio = (wanted: number, count: number) => Math.min(greatestWorth, (wanted + 1) / (count + 1));
  const all = types.reduce((sum, name) => sum + ledger.types.of(name).asked, 0);
  return (
    ratio(all / types.length, type.asked) *
    ratio(type.asked / templatesOf.get(typeOf.get(candidate.template)!)!.length, template.asked) *
    ratio(template.asked * share, cell.asked) *
    clues.reduce((product, { clue, truth }) => product * ratio(mostAlike * clue.asked, truth.asked), 1)
  );
}
