/** The script of the page of questions: it draws the selected questions from the data and keeps the selection in the address. */
export const SCRIPT = `
  const STEP = 100;
  const byId = (id) => document.getElementById(id);
  const [form, count, table, more, explain] = ['choice', 'count', 'questions', 'more', 'explain'].map(byId);
  const draw = (data) => {
    const { split, answers, templates, videos, texts, questions, methods } = data;
    const read = (text) => Uint8Array.from(text, (sign) => sign.charCodeAt(0) - 48);
    const right = read(questions.answer);
    const runs = methods.map((method) => method.runs.map((run) => read(run.answers)));
    const types = [...new Set(templates.map(({ type }) => type))];

    /** The answers of a method's runs, the most frequent first; of equal ones that of the first run. */
    const given = (method, at) => {
      const times = new Map();
      for (const run of runs[method]) times.set(run[at], (times.get(run[at]) ?? 0) + 1);
      return [...times].sort((one, other) => other[1] - one[1]);
    };
    const isRight = (method, at) => 2 * runs[method].filter((run) => run[at] === right[at]).length > runs[method].length;
    const answerOf = (method, at) => given(method, at)[0][0];

    const choose = (name, label, options) => {
      const holder = add(form, 'label', label);
      const select = add(holder, 'select', '', { name, id: 'choose-' + name });
      for (const [value, text] of options) add(select, 'option', text, { value });
      select.addEventListener('change', () => {
        if (name === 'type') selects.template.value = '';
        location.hash = new URLSearchParams(Object.entries(selects).map(([key, each]) => [key, each.value]).filter(([, one]) => one !== '')).toString();
      });
      return select;
    };
    const named = methods.map(({ name }, at) => [at, name]);
    const selects = {
      type: choose('type', 'Type', [['', 'all'], ...types.map((type) => [type, type])]),
      template: choose('template', 'Template', [['', 'all'], ...templates.map(({ type, template }, at) => [at, type + ': ' + template + '?'])]),
      method: choose('method', 'Method', named),
      other: choose('other', 'Compared with', [['', 'none'], ...named]),
      show: choose('show', 'Show', [['', 'all'], ['right', 'right'], ['wrong', 'wrong'], ['differ', 'two methods differ'], ['gained', 'method right, other wrong'], ['lost', 'method wrong, other right']]),
    };
    form.hidden = false;
    form.addEventListener('submit', (event) => event.preventDefault());

    const fits = ({ type, template, method, other, show }) => (at) => {
      if (template !== '' ? questions.template[at] !== Number(template) : type !== '' && templates[questions.template[at]].type !== type) return false;
      if (show === 'right' || show === 'wrong') return isRight(method, at) === (show === 'right');
      if (show === '') return true;
      if (other === '') return false;
      if (show === 'differ') return answerOf(method, at) !== answerOf(other, at);
      return isRight(method, at) === (show === 'gained') && isRight(other, at) === (show === 'lost');
    };

    const cell = (row, method, at) => {
      const all = given(method, at);
      const text = all.map(([answer, times]) => answers[answer] + (runs[method].length === 1 ? '' : ' ' + times)).join(', ');
      add(row, 'td', text, { class: isRight(method, at) ? 'right' : 'wrong' });
    };

    let found = [];
    let drawn = 0;
    let choice;
    const columns = () => [choice.method, ...(choice.other === '' ? [] : [choice.other])];
    const drawMore = () => {
      const body = table.tBodies[0];
      for (const at of found.slice(drawn, drawn + STEP)) {
        const row = add(body, 'tr');
        add(row, 'th', texts[questions.text[at]] + '?', { scope: 'row' });
        add(row, 'td', templates[questions.template[at]].type);
        add(row, 'td', videos[questions.video[at]]);
        add(row, 'td', questions.id[at]);
        add(row, 'td', answers[right[at]]);
        for (const method of columns()) cell(row, method, at);
      }
      drawn = Math.min(found.length, drawn + STEP);
      more.hidden = drawn === found.length;
    };
    const commandOf = () => {
      explain.replaceChildren();
      const [run, other] = columns().map((method) => methods[method].runs[0]);
      if (found.length === 0 || !run.isHere) return;
      const ids = found.slice(0, 20).map((at) => questions.id[at]).join(',');
      add(explain, 'p', 'Why the first of these were answered so, by the first run of the method:');
      add(explain, 'pre', 'npx nx run evaluator:explain --run=' + run.id + ' --question=' + ids + (other && other.isHere ? ' --with=' + other.id : '') + (split === 'val' ? ' --split=val' : ''));
    };
    const show = () => {
      const asked = new URLSearchParams(location.hash.slice(1));
      for (const [name, select] of Object.entries(selects)) {
        select.value = asked.get(name) ?? select.options[0].value;
        if (select.selectedIndex < 0) select.selectedIndex = 0; // an address of another page
      }
      if (['differ', 'gained', 'lost'].includes(selects.show.value) && selects.other.value === '')
        selects.other.value = [...selects.other.options].map(({ value }) => value).find((value) => value !== '' && value !== selects.method.value) ?? '';
      choice = Object.fromEntries(Object.entries(selects).map(([name, { value }]) => [name, value]));
      found = questions.id.map((_, at) => at).filter(fits(choice));
      drawn = 0;
      const rightly = found.filter((at) => isRight(choice.method, at)).length;
      count.textContent = found.length + (found.length === 1 ? ' question, ' : ' questions, ') + rightly + ' of them answered rightly by ' + methods[choice.method].name;
      table.replaceChildren();
      const head = add(add(table, 'thead'), 'tr');
      for (const text of ['Question', 'Type', 'Video', 'Id', 'Right answer', ...columns().map((method) => methods[method].name)]) add(head, 'th', text, { scope: 'col' });
      add(table, 'tbody');
      drawMore();
      commandOf();
    };
    more.addEventListener('click', drawMore);
    addEventListener('hashchange', show);
    show();
  };
  if (canUnpack) json().then((text) => draw(JSON.parse(text)));
`;
