// The list of runs, which is kept up to date.
import { describe, watch } from '/assets/runs-text.js';

const texts = JSON.parse(document.getElementById('data-texts').textContent), text = key => texts[`runs.${key}`];
const list = document.getElementById('runs');
const most = 6, chosen = new Set();
let shown = '';

/** A box to choose a run with. */
function picker(run) {
  const label = document.createElement('label'), box = document.createElement('input');
  Object.assign(box, { type: 'checkbox', id: `pick-${run.name}`, checked: chosen.has(run.name) });
  box.setAttribute('aria-label', `${text('compare')}: ${run.name}`);
  box.addEventListener('change', () => {
    if (box.checked) chosen.add(run.name);
    else chosen.delete(run.name);
    showChosen();
  });
  label.className = 'pick';
  label.append(box, ` ${text('compare')}`);
  return label;
}

function showChosen() {
  const button = document.getElementById('compare');
  button.disabled = chosen.size < 2 || chosen.size > most;
}

document.getElementById('compare').addEventListener('click', () =>
  location.assign(`/compare?runs=${[...chosen].map(encodeURIComponent).join(',')}`));

watch('/runs/list', runs => {
  const next = JSON.stringify(runs);
  if (next === shown) return;
  shown = next;
  document.getElementById('none').hidden = runs.length > 0;
  for (const name of chosen) if (!runs.some(run => run.name === name)) chosen.delete(name);
  showChosen();
  // Who is in the list with the keyboard stays where they are.
  const focused = document.activeElement?.id;
  list.replaceChildren(...runs.map(run => {
    const item = document.createElement('li'), link = document.createElement('a');
    link.href = `/runs/${encodeURIComponent(run.name)}/`;
    link.id = `run-${run.name}`;
    if (run.lastSample !== null) {
      const image = new Image();
      image.src = `/runs/${encodeURIComponent(run.name)}/samples/${run.lastSample}.png`;
      image.alt = '';
      image.loading = 'lazy';
      link.append(image);
    }
    const words = document.createElement('span'), name = document.createElement('strong'), facts = document.createElement('span');
    name.textContent = run.name;
    facts.textContent = describe(run, text);
    words.append(name, facts);
    if (run.conditions.length > 0) {
      const conditions = document.createElement('span');
      conditions.className = 'warned';
      conditions.textContent = run.conditions.map(key => text(`condition.${key}`) ?? key).join(', ');
      words.append(conditions);
    }
    if (run.steps && run.step !== null) {
      const progress = document.createElement('progress');
      progress.max = run.steps;
      progress.value = run.step;
      progress.setAttribute('aria-label', `${run.name}: ${text('step')}`);
      words.append(progress);
    }
    link.append(words);
    item.append(link, picker(run));
    return item;
  }));
  if (focused) document.getElementById(focused)?.focus();
});
