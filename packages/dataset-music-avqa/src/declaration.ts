import { isSlot } from './question';

/** Questions of MUSIC-AVQA (33) and of the embedded world, and what each becomes (ours); slots keep their order. */
export const declarations: Readonly<Record<string, string>> = {
  'Is the <Object> louder than the <Object>': 'The <Object> is louder than the <Object>',
  'Is the <Object> more rhythmic than the <Object>': 'The <Object> is more rhythmic than the <Object>',
  'Is the <Object> playing longer than the <Object>': 'The <Object> is playing longer than the <Object>',
  'Are there <Object> and <Object> sound': 'There are <Object> and <Object> sounds',
  'How many musical instruments were heard throughout the video': 'Musical instruments were heard throughout the video',
  'Is there a <Object> sound': 'There is a <Object> sound',
  'Is the <Object> on the <LR> louder than the <Object> on the <LR>': 'The <Object> on the <LR> is louder than the <Object> on the <LR>',
  'Is the <Object> on the <LR> more rhythmic than the <Object> on the <LR>':
    'The <Object> on the <LR> is more rhythmic than the <Object> on the <LR>',
  'Is the instrument on the <LR> louder than the instrument on the <LR>':
    'The instrument on the <LR> is louder than the instrument on the <LR>',
  'Is the instrument on the <LR> more rhythmic than the instrument on the <LR>':
    'The instrument on the <LR> is more rhythmic than the instrument on the <LR>',
  'How many instruments are sounding in the video': 'Instruments are sounding in the video',
  'How many instruments in the video did not sound from beginning to end':
    'Some instruments in the video did not sound from beginning to end',
  'How many sounding <Object> in the video': 'Some <Object> are sounding in the video',
  'How many types of musical instruments sound in the video': 'Several types of musical instruments sound in the video',
  'Is the <Object> in the video always playing': 'The <Object> in the video is always playing',
  'Is there a voiceover': 'There is a voiceover',
  'Is this sound from the instrument in the video': 'This sound is from the instrument in the video',
  'Is the <FL> sound coming from the <LR> instrument': 'The <FL> sound is coming from the <LR> instrument',
  'What is the <LR> instrument of the <FL> sounding instrument': 'An instrument is on the <LR> of the <FL> sounding instrument',
  'Where is the <LL> instrument': 'The <LL> instrument is somewhere in the video',
  'Which is the musical instrument that sounds at the same time as the <Object>':
    'A musical instrument sounds at the same time as the <Object>',
  'What is the <TH> instrument that comes in': 'The <TH> instrument comes in',
  'Where is the <FL> sounding instrument': 'The <FL> sounding instrument is somewhere in the video',
  'Which <Object> makes the sound <FL>': 'One <Object> makes the sound <FL>',
  'Which instrument makes sounds <BA> the <Object>': 'An instrument makes sounds <BA> the <Object>',
  'Are there <Object> and <Object> instruments in the video': 'There are <Object> and <Object> instruments in the video',
  'How many <Object> are in the entire video': 'Some <Object> are in the entire video',
  'How many types of musical instruments appeared in the entire video': 'Several types of musical instruments appeared in the entire video',
  'Is there a <Object> in the entire video': 'There is a <Object> in the entire video',
  'What is the instrument on the <LR> of <Object>': 'An instrument is on the <LR> of <Object>',
  'What kind of instrument is the <LRer> instrument': 'The <LRer> instrument is of some kind',
  'What kind of musical instrument is it': 'It is a musical instrument',
  'Where is the performance': 'The performance is somewhere',

  'How many kinds of instruments can be heard': 'Kinds of instruments can be heard',
  'Can a <Object> be heard': 'A <Object> can be heard',
  'Is the <Object> the loudest of all that can be heard': 'The <Object> is the loudest of all that can be heard',
  'Does the <Object> sound longer than anything else': 'The <Object> sounds longer than anything else',
  'Does the <Object> play faster notes than anything else': 'The <Object> is playing faster notes than anything else',
  'How many instruments are visible': 'Instruments are visible',
  'How many <Object> are visible': '<Object> are visible',
  'Is a <Object> visible': 'A <Object> is visible',
  'Is the performance indoor or outdoor': 'The performance is indoor or outdoor',
  'Which instrument is on the <LR>': 'A instrument is on the <LR>',
  'Where is the <Object>': 'The <Object> is visible',
  'Is the sound of the <Object> made by a visible instrument': 'The sound of the <Object> is made by a visible instrument',
  'Is the visible <Object> really sounding': 'The visible <Object> is really sounding',
  'How many visible instruments are sounding': 'Visible instruments are sounding',
  'How many visible instruments never sound': 'Visible instruments never sound',
  'How many visible <Object> are sounding': 'Visible <Object> are sounding',
  'Where is the loudest visible instrument': 'The loudest instrument is visible',
  'Where is the <Object> that really sounds': 'The <Object> really sounds',
  'Which instrument on the <LR> really sounds': 'A instrument on the <LR> really sounds',
  'Is the sounding instrument on the <LR> louder than the one on the <LR>':
    'The sounding instrument on the <LR> is louder than the one on the <LR>',
  'Are more visible instruments sounding than silent': 'More visible instruments are sounding than silent',
  'Are more kinds of instruments seen than heard': 'More kinds of instruments are seen than heard',
  'Where is the <FL> visible instrument that sounds': 'The <FL> visible instrument sounds',
  'Which visible instrument sounds <FL>': 'A visible instrument sounds <FL>',
  'Which visible instrument starts right <BA> the <Object>': 'A visible instrument starts right <BA> the <Object>',
};

/** What of a question's text are the values of the slots, by question. A value is one word. */
const rewritings = Object.entries(declarations).map(([question, declaration]) => ({
  pattern: new RegExp(`^${question.split(' ').map((word) => (isSlot(word) ? '(\\S+)' : word)).join(' ')}$`), // prettier-ignore
  declaration,
}));

/** A question's text as a declaration, for a prompt; a text that is no question of the two datasets stays as it is. */
export function declarationOf(text: string): string {
  for (const { pattern, declaration } of rewritings) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const values = match.slice(1);
    return declaration
      .split(' ')
      .map((word) => (isSlot(word) ? values.shift() : word))
      .join(' ');
  }
  return text;
}
