/**
 * The page's script: sorting, remembering the theme, saving the data, and every answer of a method as a table. Without it the page lacks only these
 * tables, which it draws from the data when they are opened: the headers become buttons here, and switches and themes are style rules on checked inputs.
 */
export const SCRIPT = `
  const table = document.getElementById('table');
  const status = document.getElementById('status');
  const headers = [...table.tHead.querySelectorAll('th.name, tr:last-child th')];

  const valueOf = (row, column) => {
    const cell = row.cells[column];
    return column === 0 ? cell.querySelector('.title').textContent : cell.dataset.value === undefined ? null : Number(cell.dataset.value);
  };
  const compare = (one, other, sign) => {
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    return sign * (typeof one === 'string' ? one.localeCompare(other, undefined, { numeric: true }) : one - other);
  };
  const sort = (column, direction) => {
    const sign = direction === 'ascending' ? 1 : -1;
    for (const body of table.tBodies) {
      const blocks = [];
      for (const row of body.rows) {
        if (row.className === 'section') continue;
        if (row.className === 'seed') blocks.at(-1).push(row);
        else blocks.push([row]);
      }
      blocks.sort(([one], [other]) => compare(valueOf(one, column), valueOf(other, column), sign));
      body.append(...blocks.flat());
    }
    headers.forEach((header, at) => (at === column ? header.setAttribute('aria-sort', direction) : header.removeAttribute('aria-sort')));
    status.textContent = 'Sorted by ' + headers[column].querySelector('.label').textContent + ', ' + direction;
  };
  headers.forEach((header, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    if (column === 0) {
      const label = document.createElement('span');
      label.className = 'label';
      label.append(...header.childNodes);
      button.append(label);
    } else button.append(...header.childNodes);
    header.append(button);
    button.addEventListener('click', () => {
      const first = column === 0 ? 'ascending' : 'descending';
      const second = column === 0 ? 'descending' : 'ascending';
      sort(column, header.getAttribute('aria-sort') === first ? second : first);
    });
  });

  if (!canUnpack) return; // without tables of answers and saving
  const button = document.getElementById('save');
  button.hidden = false;
  button.addEventListener('click', async () => save(new Blob([await json()], { type: 'application/json' }), 'leaderboard.json'));

  /** Rows: right answers; columns: given ones; answers that occur. */
  const drawAnswers = (parent, { name, confusion }, answers) => {
    const occurring = (part) => [...new Set(confusion.map((pair) => pair[part]))].sort((one, other) => one - other);
    const times = new Map(confusion.map(([right, given, count]) => [right + ' ' + given, count]));
    const columns = occurring(1);
    const region = add(parent, 'div', '', { class: 'scroll tall', tabindex: '0', role: 'region', 'aria-label': 'Every answer of ' + name });
    const table = add(region, 'table', '', { class: 'matrix' });
    add(table, 'caption', 'Rows: the right answer. Columns: the answer given.', { class: 'visually-hidden' });
    const head = add(add(table, 'thead'), 'tr');
    for (const text of ['right \u2193 given \u2192', ...columns.map((given) => answers[given])]) add(head, 'th', text, { scope: 'col' });
    const body = add(table, 'tbody');
    for (const right of occurring(0)) {
      const row = add(body, 'tr');
      add(row, 'th', answers[right], { scope: 'row' });
      for (const given of columns) add(row, 'td', times.get(right + ' ' + given) ?? '', right === given ? { class: 'same' } : {});
    }
  };
  for (const method of document.querySelectorAll('#confusion [data-method]')) {
    const fold = add(method, 'details');
    add(fold, 'summary', 'Every answer as a table');
    const draw = async () => {
      const { methods, answers } = JSON.parse(await json());
      drawAnswers(fold, methods.find(({ id }) => id === method.dataset.method), answers);
    };
    fold.addEventListener('toggle', draw, { once: true });
  }
`;
