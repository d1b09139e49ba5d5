/** The program of the page on which one asks. */
export const SCRIPT = `
  const by = (id) => document.getElementById(id);
  const [form, file, question, examples, trouble, asked] = ['form', 'file', 'question', 'examples', 'trouble', 'asked'].map(by);
  const button = form.querySelector('[type=submit]');
  const frame = document.querySelector('iframe');
  const chosen = () => form.elements.video.value ?? '';
  const say = (text) => (by('status').textContent = text);

  json().then((text) => {
    const data = JSON.parse(text);
    const offer = () => {
      examples.replaceChildren();
      for (const one of data.questions[chosen()] ?? data.examples)
        add(examples, 'button', one + '?', { type: 'button' }).addEventListener('click', () => {
          question.value = one + '?';
          question.focus();
        });
    };
    form.addEventListener('change', (event) => {
      if (event.target === file) takeOwn();
      offer();
    });
    const takeOwn = () => (form.querySelector('.own [type=radio]').checked = true);
    offer();

    addEventListener('dragover', (event) => {
      event.preventDefault();
      document.body.classList.add('dropping');
    });
    addEventListener('dragleave', () => document.body.classList.remove('dropping'));
    addEventListener('drop', (event) => {
      event.preventDefault();
      document.body.classList.remove('dropping');
      if (event.dataTransfer.files.length === 0) return;
      file.files = event.dataTransfer.files;
      takeOwn();
      offer();
      question.focus();
    });

    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      if (button.getAttribute('aria-disabled') === 'true') return;
      trouble.textContent = '';
      const own = chosen() === '' ? file.files[0] : undefined;
      if (chosen() === '' && !own) return (trouble.textContent = 'Choose a video first.');
      if (own && own.size > data.mostBytes)
        return (trouble.textContent = 'The video is larger than ' + data.mostBytes / 2 ** 20 + ' MB: cut it.');
      const video = own ? { name: own.name } : { video: chosen() };
      button.setAttribute('aria-disabled', 'true');
      button.textContent = 'Asking …';
      say('Asking: frames, sound, network.');
      try {
        const address = 'ask?' + new URLSearchParams({ question: question.value, ...video });
        const response = await fetch(address, { method: 'POST', body: own });
        if (response.ok) show(await response.json(), own?.name ?? chosen());
        else trouble.textContent = await response.text();
      } catch {
        trouble.textContent = 'The program does not answer. Has it been ended?';
      } finally {
        button.removeAttribute('aria-disabled');
        button.textContent = 'Ask';
      }
    });
  });

  const percent = (share) => (100 * share).toFixed(1) + ' %';
  const show = ({ question, about, answers: [best, ...others], notices, page }, video) => {
    by('answers').hidden = false;
    const item = document.createElement('li');
    asked.prepend(item);
    add(item, 'div', question + '? · ' + video);
    const line = add(item, 'div');
    add(line, 'b', best.answer);
    add(line, 'span', ' ' + percent(best.probability), { class: 'probability' });
    add(line, 'span', ' then ' + others.map(({ answer, probability }) => answer + ' ' + percent(probability)).join(', '), { class: 'none' });
    add(item, 'div', [about, ...notices].join(' '), { class: 'none' });
    frame.hidden = page === null;
    if (page !== null) {
      add(item, 'a', 'Why it answered so', { href: page, target: 'page' });
      frame.src = page;
    }
    say(best.answer + ', ' + percent(best.probability));
    item.tabIndex = -1;
    item.focus();
  };

  const watched = new ResizeObserver(([{ target }]) => (frame.style.height = target.getBoundingClientRect().height + 2 + 'px'));
  frame.addEventListener('load', () => {
    watched.disconnect();
    watched.observe(frame.contentDocument.body);
  });
`;
