/** The index's program: filters, kept in the address, and the order. Without it all questions are there. */
export const SCRIPT = `
  const FILTERS = ['type', 'template', 'verdict', 'runs', 'certainty'];
  const form = document.querySelector('.filters');
  const list = document.querySelector('.cards');
  const cards = [...list.children];
  const count = document.getElementById('count');
  const field = (name) => form.elements[name];

  const show = () => {
    const text = field('text').value.trim().toLowerCase();
    let [shown, known, right] = [0, 0, 0];
    for (const card of cards) {
      const isShown = FILTERS.every((name) => !field(name)?.value || card.dataset[name] === field(name).value) && card.textContent.toLowerCase().includes(text);
      card.hidden = !isShown;
      if (!isShown) continue;
      shown += 1;
      known += card.dataset.verdict ? 1 : 0;
      right += card.dataset.verdict === 'right' ? 1 : 0;
    }
    const share = known === 0 ? '' : ', ' + right + (form.elements.runs ? ' right by all runs (' : ' right (') + Math.round((100 * right) / known) + ' %)';
    count.textContent = shown + ' of ' + cards.length + ' questions' + share;
    const sign = { certain: -1, uncertain: 1 }[field('order').value] ?? 0;
    list.append(...(sign === 0 ? cards : [...cards].sort((one, other) => sign * (one.dataset.sure - other.dataset.sure))));
  };
  const chosen = () => {
    const filled = [...new FormData(form)].filter(([, value]) => value !== '');
    return new URLSearchParams(filled).toString();
  };
  const fromAddress = () => {
    const wanted = new URLSearchParams(location.hash.slice(1));
    for (const element of form.elements) if (element.name) element.value = wanted.get(element.name) ?? '';
    for (const element of form.querySelectorAll('select')) if (element.selectedIndex < 0) element.value = '';
    show();
  };
  form.addEventListener('input', () => {
    history.replaceState(null, '', '#' + chosen());
    show();
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', (event) => {
    event.preventDefault();
    history.replaceState(null, '', '#');
    fromAddress();
  });
  addEventListener('hashchange', fromAddress);
  form.hidden = false;
  fromAddress();

  const saveAll = document.getElementById('save-all');
  saveAll.hidden = !canUnpack;
  saveAll.addEventListener('click', async () => save(new Blob([await json()], { type: 'application/json' }), 'questions.json'));
`;
