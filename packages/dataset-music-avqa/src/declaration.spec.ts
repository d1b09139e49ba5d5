import { declarationOf, declarations } from './declaration';
import { isSlot } from './question';

it('fills the slots in their order, and leaves other texts as they are', () => {
  expect(declarationOf('Is the acoustic_guitar on the left louder than the tuba on the right')).toBe('The acoustic_guitar on the left is louder than the tuba on the right'); // prettier-ignore
  expect(declarationOf('Where is the piano')).toBe('The piano is visible');
  expect(declarationOf('Where is the performance')).toBe('The performance is somewhere');
  expect(declarationOf('Which is louder')).toBe('Which is louder');
});

it('every declaration has the slots of its question', () => {
  const slots = (text: string): string[] => text.split(' ').filter(isSlot);
  for (const [question, declaration] of Object.entries(declarations))
    expect([question, ...slots(declaration)]).toEqual([question, ...slots(question)]);
});
