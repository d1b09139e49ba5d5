import { parseDemo } from './command-line';

it('takes a run, a port and settings of the engine', () =>
  expect(parseDemo(['--run=r', '--port=8765', 'engine.backend=cpu'])).toEqual({ run: 'r', port: 8765, overrides: ['engine.backend=cpu'] }));

it.each([
  [[], /no run is named/],
  [['--run=r', '--port=http'], /--port is http, expected a whole number/],
  [['--run=r', '--port=70000'], /--port is 70000, expected a whole number from 0 to 65535/],
  [['--run=r', 'model.dim=3'], /model\.dim=3 cannot be changed/],
  [['--run=r', '--video=v'], /--video is not an option/],
])('refuses %j', (words, message) => expect(() => parseDemo(words)).toThrow(message));
