/** A key's name without case and without what joins words: `questionId`, `question_id` and `Question ID` are one. */
const bare = (key: string): string => key.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

const IDS = new Set(['questionid', 'quesid', 'qid', 'id']);
const VIDEOS = new Set(['video', 'videoid', 'videoname', 'vid']);
const POSITIONS = new Set(['position', 'index', 'row']);
/** Numeric keys that datasets and programs write next to an answer. */
// prettier-ignore
const OTHERS = new Set([
  'type', 'types', 'questiontype', 'qtype', 'modality', 'template', 'templvalues', 'questiondeleted', 'video', 'videoid', 'videoname',
  'split', 'confidence', 'conf', 'score', 'prob', 'probability', 'logit', 'loss', 'correct', 'iscorrect', 'right', 'match', 'hit',
  'index', 'idx', 'row', 'position', 'rank', 'seed', 'epoch', 'fold', 'time', 'duration', 'key',
]);

export const namesId = (key: string): boolean => IDS.has(bare(key));
export const namesVideo = (key: string): boolean => VIDEOS.has(bare(key));
export const namesPosition = (key: string): boolean => POSITIONS.has(bare(key));
export const namesPrediction = (key: string): boolean => bare(key).includes('pred');
/** A key whose numbers are neither answers nor ids. */
export const namesOther = (key: string): boolean => OTHERS.has(bare(key));
