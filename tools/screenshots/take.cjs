// A picture of a page, as the documentation shows it. Needs `npm run build`, and Chromium on the path or CHROMIUM=<program>.
//   node tools/screenshots/take.cjs PAGE.html PICTURE.webp|.png [width=1280] [height=900] [phone] [dark] [segment=N] [whole]
// segment: where the cursor of a question's page is put, from 1. whole: all of the page, not only a window of it.
const { writeFileSync } = require('node:fs');
const { resolve } = require('node:path');
const { Chromium } = require('../../packages/testing/dist/chromium.js');

async function main([page, picture, ...words]) {
  const options = Object.fromEntries(words.map((word) => (word.includes('=') ? word.split('=') : [word, 'true'])));
  const { width = '1280', height = '900', phone, dark, segment, whole, ...unknown } = options;
  if (picture === undefined || Object.keys(unknown).length > 0) {
    const [first] = Object.keys(unknown);
    throw new Error(
      `${first === undefined ? '' : `unknown word ${first}. `}Usage: take.cjs PAGE.html PICTURE.webp|.png [width=1280] [height=900] [phone] [dark] [segment=N] [whole]`,
    );
  }
  const chromium = Chromium.start();
  try {
    const screen = { width: Number(width), height: Number(height), isPhone: phone === 'true', isDark: dark === 'true' };
    const opened = await chromium.open({ file: resolve(page) }, screen);
    await opened.evaluate(`document.documentElement.style.scrollbarWidth = 'none'`);
    if (segment !== undefined) {
      await opened.evaluate(`document.getElementById('timeline').focus({ preventScroll: true })`);
      await opened.press('Home');
      await opened.press('ArrowRight', Number(segment) - 1);
      await opened.evaluate(`document.activeElement.blur()`);
    }
    if (opened.troubles.length > 0) throw new Error(`${page}: ${opened.troubles.join('; ')}`);
    writeFileSync(picture, await opened.picture({ whole: whole === 'true', format: picture.endsWith('.webp') ? 'webp' : 'png' }));
  } finally {
    await chromium.close();
  }
}

main(process.argv.slice(2)).catch(({ message }) => {
  console.error(`screenshots: ${message}`);
  process.exitCode = 1;
});
