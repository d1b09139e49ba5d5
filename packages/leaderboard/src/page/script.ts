/**
 * The page's program: sorting, remembering the theme, saving the data. The page is whole without it: the headers become buttons here, and
 * switches and themes are style rules on checked inputs.
 */
export const SCRIPT = `'use strict';
(() => {
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

  const themes = [...document.querySelectorAll('.themes input')];
  const remembered = (theme) => {
    try {
      if (theme !== undefined) localStorage.setItem('leaderboard-theme', theme);
      return localStorage.getItem('leaderboard-theme');
    } catch {
      return null; // a browser that keeps nothing for files
    }
  };
  const theme = themes.find(({ value }) => value === remembered());
  if (theme) theme.checked = true;
  themes.forEach((input) => input.addEventListener('change', () => remembered(input.value)));

  const save = document.getElementById('save');
  save.hidden = false;
  save.addEventListener('click', () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([document.getElementById('data').textContent], { type: 'application/json' }));
    link.download = 'leaderboard.json';
    link.click();
    URL.revokeObjectURL(link.href);
  });
})();
`;
