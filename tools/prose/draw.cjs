// Draws sentences from the documentation with a seed, for a reader who marks those that need a second reading.
//   node tools/prose/draw.cjs [--count=60] [--seed=1]      after npm run build
const { execFileSync } = require('node:child_process');
const { readFileSync } = require('node:fs');
const path = require('node:path');
const { sfc32 } = require('@tass/random');

const root = path.resolve(__dirname, '../..');
const option = (name, fallback) => Number(process.argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3) ?? fallback);
const [count, seed] = [option('count', 60), option('seed', 1)];
if (![count, seed].every((value) => Number.isInteger(value) && value > 0)) {
  console.error('draw: expected --count and --seed above 0');
  process.exit(1);
}

/** Paragraphs and items of lists, each as one line; without code, tables, headings and pictures. */
function paragraphs(text) {
  const prose = text
    .replace(/```[\s\S]*?```/g, '\n')
    .replace(/\n\n( {4}.*\n)+/g, '\n\n') // code by its indent, not an item's second line
    .replace(/^ *(\||#|!\[|\[!|<!--).*$/gm, '\n');
  return prose.split(/\n\s*\n|\n(?=\s*[-*] )/).map((block) =>
    block
      .replace(/^\s*[-*] /, '')
      .replace(/\s+/g, ' ')
      .trim(),
  );
}

const sentences = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '')
  .flatMap((file) =>
    paragraphs(readFileSync(path.join(root, file), 'utf8')).flatMap((block) =>
      block
        .split(/(?<=[.!?]\)?) (?=["`*[(]*[A-Z])/)
        .filter((sentence) => sentence.split(' ').length > 3)
        .map((sentence) => ({ file, sentence })),
    ),
  );
const next = sfc32([seed, 0, 0], 20);
for (let drawn = 1; drawn <= count && sentences.length > 0; drawn++) {
  const [{ file, sentence }] = sentences.splice(next() % sentences.length, 1);
  console.log(`${drawn}. ${sentence} (${file})`);
}
