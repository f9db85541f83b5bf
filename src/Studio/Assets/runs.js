// The list of runs, which is kept up to date.
import { describe, watch } from '/assets/runs-text.js';

const texts = JSON.parse(document.getElementById('data-texts').textContent), text = key => texts[`runs.${key}`];
const list = document.getElementById('runs');
let shown = '';

watch('/runs/list', runs => {
  const next = JSON.stringify(runs);
  if (next === shown) return;
  shown = next;
  document.getElementById('none').hidden = runs.length > 0;
  list.replaceChildren(...runs.map(run => {
    const item = document.createElement('li'), link = document.createElement('a');
    link.href = `/runs/${encodeURIComponent(run.name)}/`;
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
    item.append(link);
    return item;
  }));
});
