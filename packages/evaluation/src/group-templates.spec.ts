import { accuracyByTemplate, groupByTemplate } from './group-templates';

const questions = [
  { type: 4, template: 'Is the <Object> always playing?' },
  { type: 0, template: 'How many sound?' },
  { type: 4, template: 'Is this a duet?' },
  { type: 4, template: 'Is the <Object> always playing?' },
  { type: 2, template: 'How many sound?' },
];

it('groups by type, then by first appearance; a template of two types twice', () =>
  expect(groupByTemplate(questions).map(({ type, questions: indices }) => [type, indices])).toEqual([
    [0, [1]],
    [2, [4]],
    [4, [0, 3]],
    [4, [2]],
  ]));

it('gives the mean over runs', () => {
  const runs = [Uint8Array.of(1, 1, 0, 1, 0), Uint8Array.of(1, 0, 0, 0, 0)];
  expect(accuracyByTemplate(runs, groupByTemplate(questions))).toEqual([50, 0, 75, 0]);
});
