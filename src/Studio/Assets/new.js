// A run before it starts: its pipeline, its name, its options. What it comes to and what is wrong with it the server says.
const data = id => JSON.parse(document.getElementById(`data-${id}`).textContent);
const texts = data('texts'), pipelines = data('pipelines'), trouble = data('problem');
const text = key => texts[`new.${key}`], byId = id => document.getElementById(id);
// By key: what was typed, also of options that another pipeline has.
const typed = new Map();
let options = [], hasName = false, asked = 0, timer = 0;

const element = (name, properties, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

/** Markdown with nothing but code in it. */
const markdown = words => words.split('`').map((part, i) => i % 2 ? element('code', { textContent: part }) : part);

const valueOf = option => typed.get(option.key) ?? option.value;
const isChanged = option => valueOf(option) !== option.value;
const field = option => byId(`option-${option.key}`);

function show(option) {
  if (option.isFlag) field(option).checked = valueOf(option) === 'true';
  else field(option).value = valueOf(option);
  row(option).classList.toggle('changed', isChanged(option));
  row(option).querySelector('button').hidden = !isChanged(option);
}

const row = option => byId(`row-${option.key}`);

function change(option, value) {
  if (value === option.value) typed.delete(option.key);
  else typed.set(option.key, value);
  show(option);
  changed();
}

function makeField(option) {
  const properties = { id: `option-${option.key}` };
  const made = option.isFlag ? element('input', { ...properties, type: 'checkbox' })
    : option.choices.length > 0 ? element('select', properties, ...option.choices.map(choice => new Option(choice)))
    : element('input', { ...properties, type: 'text', spellcheck: false, placeholder: option.default.replaceAll('`', '') });
  made.setAttribute('aria-describedby', `meaning-${option.key} problem-${option.key}`);
  made.addEventListener('input', () => change(option, option.isFlag ? String(made.checked) : made.value));
  return made;
}

function makeRow(option) {
  const reset = element('button', { type: 'button', textContent: text('reset'), hidden: true });
  reset.setAttribute('aria-label', `${text('reset')}: ${option.key}`);
  reset.addEventListener('click', () => {
    change(option, option.value);
    field(option).focus();
  });
  const kind = element('span', { lang: 'en' }, ...markdown(option.kind));
  const fallback = option.default ? [option.kind ? '; ' : '', `${text('default')} `, ...markdown(option.default)] : [];
  return element('div', { className: 'option', id: `row-${option.key}` },
    element('label', { htmlFor: `option-${option.key}`, textContent: option.key }),
    element('div', { className: 'field' }, makeField(option), reset),
    element('p', { className: 'problem', id: `problem-${option.key}`, lang: 'en', hidden: true }),
    element('div', { className: 'faint', id: `meaning-${option.key}` },
      element('p', { className: 'kind' }, kind, ...fallback), element('p', { lang: 'en' }, ...markdown(option.meaning))));
}

function makeSection(section) {
  const made = element('details', { id: `section-${section.name}`, open: section.name === 'train' },
    element('summary', {}, element('strong', { textContent: section.name }), ' ', element('span', { lang: 'en', textContent: section.title })));
  made.append(...section.options.map(makeRow));
  return made;
}

/** Loads the options of the chosen pipeline and preset. */
async function load() {
  const query = new URLSearchParams({ pipeline: byId('pipeline').value, preset: byId('preset').value });
  const answer = await fetch(`/runs/new/form?${query}`), form = await answer.json();
  if (!answer.ok) {
    options = [];
    byId('sections').replaceChildren();
    tell([form]);
    return;
  }
  const open = [...byId('sections').children].filter(section => section.open).map(section => section.id);
  byId('sections').replaceChildren(...form.sections.map(makeSection));
  for (const id of open) if (byId(id)) byId(id).open = true;
  options = form.sections.flatMap(section => section.options);
  options.forEach(show);
  if (!hasName) byId('name').value = form.name;
  filter();
  changed();
}

function showPipeline() {
  const pipeline = pipelines.find(other => other.name === byId('pipeline').value);
  byId('description').textContent = pipeline.description;
  byId('preset').replaceChildren(new Option(text('preset-none'), ''), ...pipeline.presets.map(preset => new Option(preset)));
  byId('preset').disabled = pipeline.presets.length === 0;
}

const wanted = () => ({
  pipeline: byId('pipeline').value, preset: byId('preset').value, name: byId('name').value.trim(),
  settings: options.filter(isChanged).map(option => ({ key: option.key, value: valueOf(option) })),
});

const post = (address, body) => fetch(address, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

/** Something has changed: the address keeps it, and the server looks at it when the typing pauses. */
function changed() {
  const run = wanted(), query = new URLSearchParams({ pipeline: run.pipeline, preset: run.preset });
  if (hasName) query.set('name', run.name);
  for (const [key, value] of typed) query.append('set', `${key}=${value}`);
  history.replaceState(null, '', `#${query}`);
  for (const link of document.querySelectorAll('.languages a')) link.hash = `#${query}`;
  clearTimeout(timer);
  timer = setTimeout(check, 300);
}

async function check() {
  const turn = ++asked, answer = await post('/runs/new/check', wanted());
  if (!answer.ok || turn !== asked) return;
  const { command, problems } = await answer.json();
  byId('command').textContent = command;
  tell(problems);
}

/** Shows what is wrong: at its field where there is one, and all of it at the start. */
function tell(problems) {
  for (const line of document.querySelectorAll('p.problem')) {
    line.hidden = true;
    line.textContent = '';
  }
  for (const wrong of document.querySelectorAll('[aria-invalid]')) wrong.removeAttribute('aria-invalid');
  const lines = trouble ? [element('p', { lang: 'en', textContent: trouble })] : [];
  for (const { key, text: words } of problems.filter(problem => problem.text !== trouble)) {
    const line = byId(key === 'name' ? 'name-problem' : `problem-${key}`), input = byId(key === 'name' ? 'name' : `option-${key}`);
    if (line === null || input === null) {
      lines.push(element('p', { lang: 'en', textContent: key ? `${key}: ${words}` : words }));
      continue;
    }
    line.textContent = words;
    line.hidden = false;
    input.setAttribute('aria-invalid', 'true');
    const section = input.closest('details');
    if (section) section.open = true;
    lines.push(element('p', {}, element('a', { href: `#${input.id}`, textContent: key === 'name' ? text('name') : key,
      onclick: event => { event.preventDefault(); reveal(input); } }), element('span', { lang: 'en', textContent: `: ${words}` })));
  }
  byId('problems').replaceChildren(...lines);
}

/** Brings a field into view, whatever the filter hides. */
function reveal(input) {
  byId('filter').value = '';
  byId('changed').checked = false;
  filter();
  input.focus();
}

function filter() {
  const word = byId('filter').value.trim().toLowerCase(), only = byId('changed').checked;
  let count = 0;
  for (const option of options) {
    const fits = (!only || isChanged(option)) && (word === '' || `${option.key} ${option.meaning}`.toLowerCase().includes(word));
    row(option).hidden = !fits;
    if (fits) count++;
  }
  for (const section of byId('sections').children) {
    section.hidden = ![...section.querySelectorAll('.option')].some(other => !other.hidden);
    if (word !== '' || only) section.open = !section.hidden;
  }
  byId('count').textContent = `${count} / ${options.length}`;
}

byId('form').addEventListener('submit', async event => {
  event.preventDefault();
  clearTimeout(timer);
  asked++;
  const answer = await post('/runs/new', wanted());
  if (answer.ok) {
    location.assign(answer.headers.get('Location'));
    return;
  }
  const { command, problems } = await answer.json();
  byId('command').textContent = command;
  tell(problems);
  const wrong = document.querySelector('[aria-invalid]');
  if (wrong) reveal(wrong);
});
byId('pipeline').addEventListener('change', () => { showPipeline(); load(); });
byId('preset').addEventListener('change', load);
byId('name').addEventListener('input', () => {
  hasName = byId('name').value !== '';
  changed();
});
byId('filter').addEventListener('input', filter);
byId('changed').addEventListener('change', filter);
byId('copy').addEventListener('click', async () => {
  await navigator.clipboard.writeText(byId('command').textContent);
  byId('copied').textContent = text('copied');
});

const query = new URLSearchParams(location.hash.slice(1));
byId('pipeline').replaceChildren(...pipelines.map(pipeline => new Option(pipeline.name)));
if (pipelines.length === 0) tell([]);
else {
  if (pipelines.some(pipeline => pipeline.name === query.get('pipeline'))) byId('pipeline').value = query.get('pipeline');
  showPipeline();
  if ([...byId('preset').options].some(option => option.value === query.get('preset'))) byId('preset').value = query.get('preset');
  hasName = query.has('name');
  if (hasName) byId('name').value = query.get('name');
  for (const set of query.getAll('set')) typed.set(set.slice(0, set.indexOf('=')), set.slice(set.indexOf('=') + 1));
  await load();
}
