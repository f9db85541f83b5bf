// A run: its samples by step, its curves, what the diagnosis says; kept up to date.
import { draw, palette } from '/assets/plot.js';
import { describe, phaseOf, watch } from '/assets/runs-text.js';

const data = id => JSON.parse(document.getElementById(`data-${id}`).textContent);
const texts = data('texts'), advice = data('advice'), name = data('name');
const text = key => texts[`run.${key}`] ?? texts[`runs.${key}`], byId = id => document.getElementById(id);
const address = `/runs/${encodeURIComponent(name)}`;
const slider = byId('step');
let samples = [], state = null;

byId('name').textContent = name;
byId('report').querySelector('a').href = `${address}/report.html`;

function showSample() {
  const step = samples[slider.value];
  if (step === undefined) return;
  byId('sample').src = `${address}/samples/${step}.png`;
  byId('sample').alt = `${text('samples')}, ${text('step')} ${step}`;
  byId('shown').textContent = step.toLocaleString(document.documentElement.lang);
}

slider.addEventListener('input', showSample);

function showSamples(next) {
  if (next.join() === samples.join()) return;
  // Who looks at the newest goes on to the newer one.
  const isLast = samples.length === 0 || Number(slider.value) === samples.length - 1;
  samples = next;
  slider.max = samples.length - 1;
  if (isLast) slider.value = samples.length - 1;
  for (const id of ['sample', 'stepper']) byId(id).hidden = samples.length === 0;
  byId('no-sample').hidden = samples.length > 0;
  showSample();
}

function showConditions(keys) {
  byId('conditions').replaceChildren(...keys.map(key => {
    const line = document.createElement('p'), strong = document.createElement('strong');
    line.className = 'condition';
    strong.textContent = text(`condition.${key}`) ?? key;
    const { meaning, remedies } = advice[key] ?? { meaning: '', remedies: [] };
    line.append(strong, `. ${meaning} ${text('help')}: ${remedies.join('; ')}.`);
    return line;
  }));
}

function drawCurves() {
  const colors = palette(), curve = (key, label, color, mode) => state.curves[key] === undefined ? []
    : [{ name: label, color, mode, x: state.curves[key].map(point => point[0]), y: state.curves[key].map(point => point[1]) }];
  const losses = [
    ...curve('smoothedDiscriminatorLoss', text('loss-d'), colors.real),
    ...curve('smoothedGeneratorLoss', text('loss-g'), colors.generated),
    ...curve('loss', text('loss'), colors.generated),
    ...curve('accuracy', text('accuracy'), colors.real),
  ];
  byId('losses').hidden = losses.length === 0;
  if (losses.length > 0) draw(byId('losses'), losses);
  const metric = curve('metric', text('metric'), colors.ink, 'lines+markers');
  byId('metric').hidden = metric.length === 0;
  if (metric.length > 0) draw(byId('metric'), metric);
}

function showProcess() {
  const { phase } = state.facts, isGoing = ['starting', 'running', 'stopping'].includes(phase);
  byId('stop').hidden = !isGoing;
  byId('stop').disabled = phase === 'stopping';
  byId('resume').hidden = !state.canResume;
  byId('phase').textContent = phaseOf(state.facts, text);
  byId('errors').hidden = state.errors.length === 0;
  byId('errors').textContent = state.errors.join('\n');
}

/** Stops or resumes; what comes of it is seen at once. */
async function command(action) {
  const answer = await fetch(`${address}/${action}`, { method: 'POST' });
  byId('problem').hidden = answer.ok;
  byId('problem').textContent = answer.ok ? '' : await answer.text();
  show(await (await fetch(`${address}/state`)).json());
}

for (const action of ['stop', 'resume']) byId(action).addEventListener('click', () => command(action));

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { if (state) drawCurves(); });

function show(next) {
  const isNew = state === null || next.facts.step !== state.facts.step;
  state = next;
  byId('facts').textContent = describe(state.facts, key => texts[`runs.${key}`], false);
  byId('report').hidden = !state.hasReport;
  showProcess();
  showSamples(state.samples);
  if (isNew) {
    showConditions(state.facts.conditions);
    drawCurves();
  }
  const log = state.log.join('\n');
  if (byId('log').textContent !== log) byId('log').textContent = log;
}

watch(`${address}/state`, show);
