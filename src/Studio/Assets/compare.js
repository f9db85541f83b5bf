// Runs beside each other: a colour and a dash a run; kept up to date.
import { dashes, draw, runColors } from '/assets/plot.js';
import { watch } from '/assets/runs-text.js';

const texts = JSON.parse(document.getElementById('data-texts').textContent);
const text = key => texts[`compare.${key}`], byId = id => document.getElementById(id);
const language = document.documentElement.lang, number = value => value.toLocaleString(language, { maximumFractionDigits: 1 });
const wanted = new URLSearchParams(location.search).get('runs') ?? '';
let comparison = null, shown = '';

const element = (name, properties, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

/** A piece of a run's line. */
function key(run) {
  const space = 'http://www.w3.org/2000/svg', svg = document.createElementNS(space, 'svg'), line = document.createElementNS(space, 'line');
  for (const [name, value] of Object.entries({ width: 30, height: 8, 'aria-hidden': true, class: 'key' })) svg.setAttribute(name, value);
  for (const [name, value] of Object.entries({ x1: 0, x2: 30, y1: 4, y2: 4, 'stroke-width': 3, stroke: runColors()[run],
    'stroke-dasharray': dashes[run].replaceAll('px', '') })) line.setAttribute(name, value);
  svg.append(line);
  return svg;
}

/** A table with a column a run. @param {[Node[], Node[][]][]} rows Of each the heading and the cells' contents. */
function table(id, heading, rows) {
  const head = element('tr', {}, element('th', { textContent: heading, scope: 'col' }), ...comparison.runs.map((run, i) =>
    element('th', { scope: 'col' }, key(i), ' ', element('a', { href: `/runs/${encodeURIComponent(run.name)}/`, textContent: run.name }))));
  byId(id).replaceChildren(element('thead', {}, head), element('tbody', {}, ...rows.map(([title, cells]) =>
    element('tr', {}, element('th', { scope: 'row' }, ...title), ...cells.map(cell => element('td', {}, ...cell))))));
}

const faint = (words, lang) => element('span', { className: 'faint sub', textContent: words, lang: lang ?? language });

/** The title of a metric or a curve, in English where there is no other. */
const titled = (kind, thing) => texts[`compare.${kind}.${thing.key}`] !== undefined ? text(`${kind}.${thing.key}`)
  : element('span', { lang: 'en', textContent: thing.title });

function showRuns() {
  const row = (name, cells) => [[text(name)], comparison.runs.map(cells)];
  table('runs', text('run'), [
    row('pipeline', run => [run.pipeline]),
    row('steps', run => [number(run.steps), ...run.state ? [faint(run.state, 'en')] : []]),
    row('minutes', run => [number(run.minutes)]),
    row('rate', run => [number(run.imagesPerSecond)]),
  ]);
}

function showMetrics() {
  const { metrics } = comparison;
  byId('metrics-text').textContent = metrics.length === 0 ? text('no-metrics')
    : metrics.every(metric => metric.isComparable) ? text('best-text') : text('not-comparable');
  table('metrics', text('metric'), metrics.map(metric => {
    const direction = metric.lessIsBetter === null ? '' : `; ${text(metric.lessIsBetter ? 'smaller' : 'larger')}`;
    const title = [titled('metric', metric), element('span', { className: 'faint sub' },
      element('span', { lang: 'en', textContent: metric.note }), direction)];
    return [title, metric.values.map((value, run) => value === null ? [faint(text('not-measured'))] : [
      run === metric.best ? element('strong', { textContent: value.text }) : value.text,
      ...run === metric.best ? [' ', element('span', { className: 'best', textContent: text('best') })] : [],
      ...value.note ? [faint(value.note, 'en')] : [],
    ])];
  }));
  byId('metrics').hidden = metrics.length === 0;
}

function showDifferences() {
  const { differences, equalOptions } = comparison;
  byId('differences-text').textContent = `${text('equal')}: ${number(equalOptions)}.`;
  table('differences', text('option'), differences.map(option => [[element('code', { textContent: option.key })],
    option.values.map(value => [value === null ? faint(text('no-option')) : value === '' ? faint(text('not-set')) : value])]));
  byId('differences').hidden = differences.length === 0;
}

function showSamples() {
  byId('samples').replaceChildren(...comparison.runs.map((run, i) => {
    const picture = run.lastSample === null ? element('p', { textContent: text('no-sample') }) : element('img', {
      className: 'sample', src: `/runs/${encodeURIComponent(run.name)}/samples/${run.lastSample}.png`, alt: `${text('samples')}: ${run.name}`,
    });
    const step = run.lastSample === null ? '' : `, ${text('step')} ${number(run.lastSample)}`;
    return element('figure', {}, element('figcaption', {}, key(i), ` ${run.name}${step}`), picture);
  }));
}

function drawCurves() {
  const colors = runColors();
  // Drawings are kept, so that they do not flicker. All have their places before the first is drawn, which takes its width from there.
  while (byId('curves').children.length < comparison.curves.length)
    byId('curves').append(element('figure', {}, element('figcaption'), element('div', { className: 'curves' })));
  while (byId('curves').children.length > comparison.curves.length) byId('curves').lastElementChild.remove();
  comparison.curves.forEach((curve, i) => {
    const [caption, plot] = byId('curves').children[i].children, title = titled('curve', curve);
    caption.replaceChildren(title);
    plot.setAttribute('role', 'img');
    plot.setAttribute('aria-label', `${title.textContent ?? title}: ${comparison.runs.map(run => run.name).join(', ')}`);
    draw(plot, curve.lines.map((line, run) => ({
      name: comparison.runs[run].name, color: colors[run], dash: dashes[run], x: line.map(point => point[0]), y: line.map(point => point[1]),
    })), { legend: false });
  });
}

function show() {
  showRuns();
  showMetrics();
  showDifferences();
  showSamples();
  drawCurves();
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { if (comparison) show(); });

watch(`/compare/state?runs=${encodeURIComponent(wanted)}`, next => {
  byId('problem').hidden = true;
  byId('comparison').hidden = false;
  const words = JSON.stringify(next);
  if (words === shown) return;
  shown = words;
  comparison = next;
  show();
}, problem => {
  byId('problem').textContent = problem;
  byId('problem').hidden = false;
  byId('comparison').hidden = true;
});
