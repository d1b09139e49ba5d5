/** Saves parts of the page: what is seen of a section as SVG and PNG, and its figures as JSON. */
export const PICTURES = `
  const KEPT = ['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-opacity', 'stroke-dasharray', 'stroke-linejoin', 'opacity', 'vector-effect',
    'image-rendering', 'font-family', 'font-size', 'font-weight', 'text-anchor', 'shape-rendering'];
  const SVG = 'http://www.w3.org/2000/svg';
  const svgElement = (name, attributes) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const isSeen = (element) => {
    const { display, visibility } = getComputedStyle(element);
    return display !== 'none' && visibility !== 'hidden';
  };
  /** A copy that needs no style sheet and no other part of the page; null of what is not seen. */
  const standalone = (element) => {
    if (!isSeen(element)) return null;
    const style = getComputedStyle(element);
    const isUse = element.localName === 'use';
    const copy = isUse ? svgElement('g', {}) : element.cloneNode(false);
    for (const name of ['class', 'id', 'role', 'aria-label', 'aria-labelledby', 'aria-hidden']) copy.removeAttribute(name);
    for (const name of KEPT) {
      const value = style.getPropertyValue(name);
      if (value && !(name === 'fill' && value.includes('url('))) copy.setAttribute(name, value);
    }
    const parts = isUse ? [document.querySelector(element.getAttribute('href'))] : element.childNodes;
    for (const part of parts) {
      if (part === null) continue;
      if (part.nodeType === Node.TEXT_NODE) copy.append(part.textContent);
      else if (part.nodeType === Node.ELEMENT_NODE) copy.append(standalone(part) ?? '');
    }
    return copy;
  };
  const LEFT_OUT = '.save, .transport, audio, .visually-hidden, input, select, .lane-drawing .none, summary';
  const picture = (section) => {
    const MARGIN = 12;
    const outer = section.getBoundingClientRect();
    const [width, height] = [Math.ceil(outer.width) + 2 * MARGIN, Math.ceil(outer.height) + 2 * MARGIN];
    const root = svgElement('svg', { xmlns: SVG, width, height, viewBox: [0, 0, width, height].join(' ') });
    const ramp = document.getElementById('ramp');
    if (ramp) root.appendChild(svgElement('defs', {})).append(ramp.cloneNode(true));
    root.append(svgElement('rect', { width, height, fill: getComputedStyle(document.body).backgroundColor }));
    const place = ({ left, top }) => [left - outer.left + MARGIN, top - outer.top + MARGIN];
    const words = (text) => {
      const style = getComputedStyle(text.parentElement);
      for (const { index, 0: word } of text.textContent.matchAll(/\\S+/g)) {
        const range = document.createRange();
        range.setStart(text, index);
        range.setEnd(text, index + word.length);
        const box = range.getBoundingClientRect();
        if (box.width === 0) continue;
        const [x, y] = place(box);
        const drawn = svgElement('text', { x, y: y + box.height / 2, 'dominant-baseline': 'central', fill: style.color,
          'font-family': style.fontFamily, 'font-size': style.fontSize, 'font-weight': style.fontWeight });
        drawn.textContent = word;
        root.append(drawn);
      }
    };
    const walk = (element) => {
      if (!isSeen(element) || element.matches(LEFT_OUT) || element.checkVisibility?.() === false) return;
      if (element.localName === 'svg') {
        const [box, copy] = [element.getBoundingClientRect(), standalone(element)];
        const [x, y] = place(box);
        for (const [key, value] of Object.entries({ x, y, width: box.width, height: box.height })) copy.setAttribute(key, value);
        root.append(copy);
        return;
      }
      if (element.id === 'cursor') {
        const box = element.getBoundingClientRect();
        const [x, y] = place(box);
        root.append(svgElement('rect', { x, y, width: box.width, height: box.height, fill: getComputedStyle(element).backgroundColor }));
      }
      for (const part of element.childNodes) {
        if (part.nodeType === Node.TEXT_NODE) words(part);
        else if (part.nodeType === Node.ELEMENT_NODE) walk(part);
      }
    };
    walk(section);
    return { text: new XMLSerializer().serializeToString(root), width, height };
  };

  const SCALE = 2; // pixels of a PNG for each of the page
  const png = async ({ text, width, height }) => {
    const image = new Image();
    image.src = 'data:image/svg+xml,' + encodeURIComponent(text);
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [SCALE * width, SCALE * height];
    const context = canvas.getContext('2d');
    context.scale(SCALE, SCALE);
    context.drawImage(image, 0, 0);
    return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
  };
  const ofLooks = ({ looks }, ...keys) => looks.map((look) => Object.fromEntries(['run', ...keys].map((key) => [key, look[key]])));
  const FIGURES = {
    seen: (all) => ({ segments: all.video.segments, truth: all.truth, looks: ofLooks(all, 'grid', 'maps') }),
    truth: (all) => ({ truth: all.truth, looks: ofLooks(all, 'attention', 'grid', 'maps') }),
    answers: (all) => ({ prior: all.prior, looks: ofLooks(all, 'answers') }),
    words: (all) => ({ looks: ofLooks(all, 'words') }),
    time: (all) => ({ video: all.video, truth: all.truth, looks: ofLooks(all, 'attention') }),
    altered: (all) => ({ looks: ofLooks(all, 'answers', 'counterfactuals') }),
    curves: (all) => ({ looks: ofLooks(all, 'curves') }),
    about: (all) => ({ video: all.video, looks: ofLooks(all) }),
  };
  const asJson = (value) => new Blob([JSON.stringify(value, null, 1)], { type: 'application/json' });
  const figures = async (part) => {
    const value = JSON.parse(await json());
    return part === undefined ? value : { question: value.question, ...FIGURES[part](value) };
  };
  const fileName = (part, kind) => [document.querySelector('h1').dataset.file, part, kind].filter(Boolean).join('.');
  const saved = {
    svg: async (part) => new Blob([picture(document.getElementById(part)).text], { type: 'image/svg+xml' }),
    png: async (part) => png(picture(document.getElementById(part))),
    json: async (part) => asJson(await figures(part)),
  };
  for (const group of all('[data-saves]')) {
    group.hidden = false;
    const part = group.dataset.saves;
    for (const button of all('button', group)) {
      const { kind } = button.dataset;
      if (kind === 'json' && !canUnpack) button.remove();
      button.addEventListener('click', async () => {
        save(await saved[kind](part), fileName(part, kind));
        status.textContent = 'Saved ' + fileName(part, kind);
      });
    }
  }
  const saveAll = document.getElementById('save-all');
  saveAll.hidden = !canUnpack;
  saveAll.addEventListener('click', async () => save(asJson(await figures()), fileName('', 'json')));
`;
