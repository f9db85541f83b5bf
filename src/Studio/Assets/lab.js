// GAN Lab: tells the server's lab what to do, and shows what it sends.
import { Curves } from '/assets/lab-curves.js';
import { View } from '/assets/lab-view.js';

const data = id => JSON.parse(document.getElementById(`data-${id}`).textContent);
const texts = data('texts'), presets = Object.fromEntries(data('presets').map(({ key, value }) => [key, value]));
const text = key => texts[`lab.${key}`];
const byId = id => document.getElementById(id);

const form = byId('settings'), preset = byId('preset'), canvas = byId('view');
const view = new View(canvas), curves = new Curves(texts);
const mostDrawn = 1000;
let settings = structuredClone(presets.balanced), frame = null, isPlaying = false, isDrawing = false, drawn = [];

// --- The connection ---

const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/lab/session`);
socket.binaryType = 'arraybuffer';
const send = command => { if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(command)); };

socket.addEventListener('open', () => change());
socket.addEventListener('close', event => tell(event.reason === 'busy' ? text('busy') : text('closed')));
socket.addEventListener('message', event => {
  if (typeof event.data === 'string') tell(JSON.parse(event.data).problem);
  else show(read(event.data));
});

/** A frame: see the server's LabMessages. */
function read(buffer) {
  const length = new DataView(buffer).getInt32(0, true);
  const frame = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  let at = 4 + length;
  for (const { name, length } of frame.arrays) {
    frame[name] = new Float32Array(buffer, at, length);
    at += 4 * length;
  }
  return frame;
}

function tell(problem) {
  byId('problem').textContent = problem;
  byId('problem').hidden = !problem;
}

// --- What is shown ---

let shownCurves = 0;

function show(next) {
  const isNew = frame === null || next.round < frame.round;
  if (isNew) curves.clear();
  if (isNew || next.round !== frame.round) curves.add(next);
  frame = next;
  if (!isDrawing) requestAnimationFrame(() => { if (!isDrawing) view.draw(frame); });
  const number = (value, digits) => value === null ? '-' : value.toLocaleString(document.documentElement.lang,
    { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const share = value => value === null ? '-' : number(100 * value, 0) + ' %';
  byId('round').textContent = number(frame.round, 0);
  byId('rate').textContent = frame.isPlaying && frame.roundsPerSecond > 0 ? number(frame.roundsPerSecond, 0) : '-';
  byId('kl').textContent = number(frame.kullbackLeibler, 3);
  byId('js').textContent = number(frame.jensenShannon, 3);
  byId('right-real').textContent = share(frame.realAccuracy);
  byId('right-generated').textContent = share(frame.generatedAccuracy);
  isPlaying = frame.isPlaying;
  byId('play').textContent = isPlaying ? text('pause') : text('play');
  showPhase(frame.phase);
  showConditions(frame.conditions);
  document.body.dataset.discriminatorSteps = frame.discriminatorSteps;
  document.body.dataset.generatorSteps = frame.generatorSteps;
  // Four times a second is enough for curves.
  const now = performance.now();
  if (!isPlaying || now - shownCurves > 250) {
    shownCurves = now;
    curves.draw();
  }
}

function showPhase(phase) {
  const line = byId('phase');
  line.hidden = phase === 'none';
  const said = phase === 'none' ? '' : text(`phase.${phase}`);
  if (line.textContent !== said) line.textContent = said;
}

let shownConditions = null;

function showConditions(conditions) {
  if (shownConditions === conditions.join()) return;
  shownConditions = conditions.join();
  const paragraph = (className, ...parts) => {
    const element = document.createElement('p');
    element.className = className;
    element.append(...parts);
    return element;
  };
  const strong = words => Object.assign(document.createElement('strong'), { textContent: words });
  byId('conditions').replaceChildren(...conditions.length === 0 ? [paragraph('none', text('healthy'))]
    : conditions.map(key => paragraph('condition', strong(text(`condition.${key}`)), `. ${text(`condition-meaning.${key}`)} `,
      `${text('help')}: ${text(`condition-help.${key}`)}.`)));
}

for (const box of document.querySelectorAll('[data-layer]')) {
  box.checked = view.layers[box.dataset.layer];
  box.addEventListener('change', () => {
    view.layers[box.dataset.layer] = box.checked;
    if (frame) view.draw(frame);
  });
}

// --- The training ---

byId('play').addEventListener('click', () => send(isPlaying ? { action: 'pause' } : { action: 'play', speed: byId('speed').value }));
byId('speed').addEventListener('change', () => { if (isPlaying) send({ action: 'play', speed: byId('speed').value }); });
for (const action of ['restart', 'step-discriminator', 'step-generator', 'step-round'])
  byId(action).addEventListener('click', () => send({ action }));

// --- The settings ---

const field = name => form.elements.namedItem(name);
const names = [...form.elements].map(element => element.name).filter(name => name);
const parts = name => name.split('.');
const get = (from, name) => parts(name).reduce((value, part) => value[part], from);

function set(into, name, value) {
  const path = parts(name), last = path.pop();
  path.reduce((object, part) => object[part], into)[last] = value;
}

function fill() {
  for (const name of names) field(name).value = get(settings, name);
}

function change() {
  tell('');
  send({ action: 'change', settings });
  history.replaceState(null, '', link());
}

form.addEventListener('submit', event => event.preventDefault());
form.addEventListener('change', event => {
  const { name, value } = event.target;
  if (!names.includes(name)) return;
  if (!event.target.reportValidity() || value === '') return;
  set(settings, name, event.target.type === 'number' || name === 'latentSize' ? Number(value) : value);
  choose('own');
  if (name === 'data' && value === 'drawn') beginDrawing();
  else change();
});

for (const name of [...Object.keys(presets), 'own']) preset.append(new Option(text(`preset.${name}`), name));
preset.addEventListener('change', () => {
  if (!presets[preset.value]) return;
  settings = structuredClone(presets[preset.value]);
  choose(preset.value);
  fill();
  change();
  send({ action: 'restart' });
});

function choose(name) {
  preset.value = name;
  byId('preset-text').textContent = text(`preset-text.${name}`);
}

// --- Drawing ---

function beginDrawing() {
  isDrawing = true;
  drawn = [];
  byId('drawing').hidden = false;
  canvas.classList.add('draws');
  view.drawPoints(drawn);
}

function draw(event) {
  if (!isDrawing || event.buttons === 0 || drawn.length >= 2 * mostDrawn) return;
  const round = value => Math.max(-1, Math.min(1, Math.round(127 * value) / 127));
  const [x, y] = view.pointAt(event).map(round);
  if (drawn.at(-2) === x && drawn.at(-1) === y) return;
  drawn.push(x, y);
  view.drawPoints(drawn);
}

canvas.addEventListener('pointerdown', event => { if (isDrawing) canvas.setPointerCapture(event.pointerId); draw(event); });
canvas.addEventListener('pointermove', draw);
byId('done').addEventListener('click', () => {
  isDrawing = false;
  byId('drawing').hidden = true;
  canvas.classList.remove('draws');
  if (drawn.length > 0) settings.drawn = drawn;
  else if (settings.drawn.length === 0) settings.data = 'ring';
  fill();
  change();
});

// --- The link: what differs from the balanced preset; drawn points as bytes ---

function link() {
  const query = new URLSearchParams();
  for (const name of names)
    if (get(settings, name) !== get(presets.balanced, name)) query.set(name, get(settings, name));
  if (settings.data === 'drawn')
    query.set('drawn', btoa(String.fromCharCode(...settings.drawn.map(value => Math.round(127 * value) + 127))));
  return `${location.pathname}#${query}`;
}

function follow() {
  const query = new URLSearchParams(location.hash.slice(1));
  settings = structuredClone(presets.balanced);
  for (const name of names) {
    if (!query.has(name)) continue;
    const value = query.get(name), isNumber = field(name).type === 'number' || name === 'latentSize';
    if (isNumber ? value !== '' && Number.isFinite(Number(value)) : [...field(name).options].some(option => option.value === value))
      set(settings, name, isNumber ? Number(value) : value);
  }
  try {
    if (query.has('drawn'))
      settings.drawn = [...atob(query.get('drawn'))].slice(0, 2 * mostDrawn).map(byte => (Math.min(byte.charCodeAt(0), 254) - 127) / 127);
    if (settings.drawn.length % 2 === 1) settings.drawn.pop();
  } catch {
    settings.drawn = [];
  }
  if (settings.data === 'drawn' && settings.drawn.length === 0) settings.data = 'ring';
  const same = Object.keys(presets).find(name => JSON.stringify(presets[name]) === JSON.stringify(settings));
  choose(same ?? 'own');
  fill();
}

addEventListener('hashchange', () => { follow(); change(); send({ action: 'restart' }); });
byId('link').addEventListener('click', async () => {
  await navigator.clipboard.writeText(new URL(link(), location.href).href);
  byId('copied').textContent = text('copied');
});

follow();
