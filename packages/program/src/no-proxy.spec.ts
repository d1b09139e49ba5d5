import { isLeftOut } from './no-proxy';

it.each([
  ['http://mlflow.lab.example:5000', 'lab.example', true],
  ['http://mlflow.lab.example', 'elsewhere, .lab.example', true],
  ['http://mlflow.lab.example', '*.LAB.example', true],
  ['http://lab.example', '.lab.example', true],
  ['http://otherlab.example', 'lab.example', false],
  ['http://lab.example:5000', 'lab.example:5000', true],
  ['http://lab.example:5001', 'lab.example:5000', false],
  ['https://lab.example', 'lab.example:443', true],
  ['http://lab.example', '*', true],
  ['http://lab.example', '', false],
  ['http://10.1.2.3:5000', '10.1.2.3', true],
  ['http://10.1.2.3:5000', '10.0.0.0/8', true],
  ['http://11.1.2.3:5000', '10.0.0.0/8 12.0.0.0/99', false],
  ['http://10.1.2.3', '2.3', false],
  ['http://[fd00::1]:5000', 'fd00::/8', true],
  ['http://[fd00::1]:5000', '[fd00::1]:5000', true],
  ['http://[fd00::1]', 'fd00::1', true],
  ['http://lab.example', '10.0.0.0/8', false],
])('%s and no_proxy=%s: %s', (uri, noProxy, expected) => expect(isLeftOut(new URL(uri), noProxy)).toBe(expected));
