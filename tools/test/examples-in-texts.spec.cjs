// Every ```ts block of README and docs compiles against the sources, as a module of the package whose README it is in.
const { execFileSync } = require('node:child_process');
const { readFileSync } = require('node:fs');
const path = require('node:path');
const ts = require('typescript');

jest.setTimeout(600_000); // reads the types of every package and library

const root = path.resolve(__dirname, '../..');
const files = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
const examples = files.flatMap((file) =>
  [...readFileSync(path.join(root, file), 'utf8').matchAll(/^```ts\n(.*?)^```$/gms)].map(({ 0: fence, 1: code, index, input }) => {
    const before = input.slice(0, index + fence.indexOf('\n') + 1).replace(/[^\n]/g, ''); // so that lines are counted as in the text
    return { file, module: path.join(root, `${file}.${before.length}.mts`), text: `${before}${code}export {};\n` };
  }),
);

/** What TypeScript says of an example: file:line: message. */
function faults(modules) {
  const { config } = ts.readConfigFile(path.join(root, 'tsconfig.base.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  Object.assign(options, {
    composite: false,
    declaration: false,
    declarationMap: false,
    sourceMap: false,
    noEmit: true,
    noUnusedLocals: false,
  });
  const texts = new Map(modules.map(({ module, text }) => [module, text]));
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists } = host;
  host.readFile = (name) => texts.get(name) ?? readFile(name);
  host.fileExists = (name) => texts.has(name) || fileExists(name);
  const program = ts.createProgram([...texts.keys()], options, host);
  return modules.map(({ module, file }) => {
    const source = program.getSourceFile(module);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(({ start, messageText }) => {
      const { line } = source.getLineAndCharacterOfPosition(start);
      return `${file}:${line + 1}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
  });
}

const planted = {
  file: 'planted.md',
  module: path.join(root, 'packages/tass/planted.md.mts'),
  text: "\n\nimport { tass } from '@tass/tass';\ntass.forwards();\n",
};
let found; // of each example, the planted one last
beforeAll(() => (found = faults([...examples, planted])));

it('there are examples to look at', () => expect(examples.length).toBeGreaterThan(15));
it('they compile against the sources', () => expect(found.slice(0, -1).flat()).toEqual([]));
it('one that does not is found, with its line', () =>
  expect(found.at(-1)).toEqual([expect.stringMatching(/^planted\.md:4: Property 'forwards' does not exist/)]));
