import { parseAccounting, parseQueue } from './slurm-commands';

it('reads the queue: every task, also those whose reason or nodes hold odd characters', () => {
  const text = [
    'ablations-0001-9f2c11aa|812|0|RUNNING|gpu[01-02]|None',
    'ablations-0001-9f2c11aa|812|13|PENDING||Priority',
    'ablations-0002-00c0ffee|813|0|PENDING||a|b',
    'alone-0003-deadbeef|814|N/A|COMPLETED|gpu01|None',
    '',
  ].join('\n');
  expect([...parseQueue(text)]).toEqual([
    ['ablations-0001-9f2c11aa/0', { arrayId: '812', state: 'RUNNING', nodes: 'gpu[01-02]', reason: 'None' }],
    ['ablations-0001-9f2c11aa/13', { arrayId: '812', state: 'PENDING', nodes: '', reason: 'Priority' }],
    ['ablations-0002-00c0ffee/0', { arrayId: '813', state: 'PENDING', nodes: '', reason: 'a|b' }],
    ['alone-0003-deadbeef/N/A', { arrayId: '814', state: 'COMPLETED', nodes: 'gpu01', reason: 'None' }],
  ]);
  expect(parseQueue('').size).toBe(0);
  expect(parseQueue('CLUSTER: big\n').size).toBe(0);
});

it('reads what accounting remembers of one task', () => {
  const text = '812_1|COMPLETED|gpu01\n812_3|CANCELLED by 1000|None assigned\n812_13|TIMEOUT|gpu02\n';
  expect(parseAccounting(text, '812_3')).toEqual({ arrayId: '812', state: 'CANCELLED by 1000', nodes: '', reason: '' });
  expect(parseAccounting(text, '812_13')).toEqual({ arrayId: '812', state: 'TIMEOUT', nodes: 'gpu02', reason: '' });
  expect(parseAccounting(text, '812_2')).toBeUndefined();
  expect(parseAccounting('', '812_2')).toBeUndefined();
});
