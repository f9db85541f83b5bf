// The latent explorer: which latent and label are shown, the controls, and the address that names them.
import { ask, byId, copyButtons, data, element, newest, setSlider, showPicture } from '/assets/explorer.js';
import { labelControls } from '/assets/labels.js';

const model = data('model'), readers = data('readers'), texts = data('texts');
const text = (key, ...values) => values.reduce((whole, value, i) => whole.replace(`{${i}}`, value), texts[`generator.${key}`]);
const address = `${model.address}/generator`, frames = 125, stripLength = 12n, noTruncation = 3, mostComponents = 512;
const number = (value, digits = 2) => value.toLocaleString(document.documentElement.lang, { maximumFractionDigits: digits });
const randomSeed = () => BigInt(crypto.getRandomValues(new Uint32Array(1))[0] % 1_000_000);

const start = () => ({
  base: 'seed', seed: 0n, index: 0n, corners: [0n, 1n, 2n, 3n], x: 0.5, y: 0.5, points: 5, frame: 0, truncation: null,
  moves: new Map(), along: new Map(),
});
let at = { ...start(), label: null }, directions = [], playing = 0;
const labels = model.labels ? labelControls(byId('labels'), model.labels, model.labelExample, value => { at.label = value; show(); }) : null;

// --- The address ---

/** The page's address after the #. */
const link = () => `#${query(at, false)}`;

/** What the server is asked for: of the directions, those that are found. */
function query(place = at, isFound = true) {
  const asked = new URLSearchParams();
  if (place.base === 'corners') {
    asked.set('corners', place.corners.join());
    asked.set('x', place.x);
    asked.set('y', place.y);
  } else {
    asked.set('seed', place.seed);
    if (place.base === 'walk') {
      asked.set('points', place.points);
      asked.set('frames', frames);
      asked.set('frame', place.frame);
    } else if (place.index > 0n) asked.set('index', place.index);
  }
  if (place.truncation !== null) asked.set('truncation', place.truncation);
  if (place.label) asked.set('label', place.label);
  for (const [component, distance] of place.moves) asked.append('move', `${component}:${distance}`);
  const along = [...place.along].filter(([direction]) => !isFound || direction < directions.length);
  for (const [direction, distance] of along) asked.append('along', `${direction}:${distance}`);
  if (along.length > 0) asked.set('reader', byId('reader').value);
  return asked;
}

// A wrong value in the address is as good as none.
function readAddress() {
  const given = new URLSearchParams(location.hash.slice(1)), initial = start();
  const whole = (name, otherwise) => (/^-?\d{1,18}$/.test(given.get(name) ?? '') ? BigInt(given.get(name)) : otherwise);
  const real = (name, least, most, otherwise) => {
    const value = parseFloat(given.get(name));
    return value >= least && value <= most ? value : otherwise;
  };
  const pairs = name => new Map(given.getAll(name).map(pair => pair.split(':').map(Number))
    .filter(([place, distance]) => Number.isInteger(place) && place >= 0 && Math.abs(distance) <= 100));
  const corners = (given.get('corners') ?? '').split(',');
  const hasCorners = corners.length === 4 && corners.every(seed => /^-?\d{1,18}$/.test(seed));
  const index = whole('index', 0n), reader = given.get('reader');
  at = {
    ...initial,
    base: hasCorners ? 'corners' : given.has('points') ? 'walk' : 'seed',
    seed: whole('seed', initial.seed), index: index < 0n ? 0n : index,
    corners: hasCorners ? corners.map(BigInt) : initial.corners,
    x: real('x', 0, 1, initial.x), y: real('y', 0, 1, initial.y),
    points: Math.round(real('points', 3, 20, initial.points)), frame: Math.round(real('frame', 0, frames - 1, 0)),
    truncation: real('truncation', 0.1, noTruncation, null),
    moves: new Map([...pairs('move')].filter(([component]) => component < model.latentSize)), along: pairs('along'),
    label: given.get('label') ?? at.label ?? labels?.value ?? model.texts?.[0] ?? null,
  };
  if (reader !== null && readers.some(known => known.folder === reader)) byId('reader').value = reader;
  else at.along.clear();
  labels?.set(at.label);
}

// --- The picture ---

const pictureOf = place => `${address}/image.png?${query(place)}&v=${model.version}`;
let kept = 0;
const draw = newest(async isWanted => {
  const picture = pictureOf(at);
  try {
    await showPicture(byId('picture'), picture);
    byId('problem').hidden = true;
    byId('picture').alt = byId('caption').textContent = describe();
    byId('save').href = picture;
    if (isWanted() && playing === 0) await explain();
  } catch (error) {
    byId('problem').textContent = error.message;
    byId('problem').hidden = false;
  }
});

async function explain() {
  const asked = query(), { code, warnings } = await (await ask(`${address}/code?${asked}`)).json();
  byId('command').textContent = code.command;
  byId('code').textContent = code.code;
  byId('needs-latent').hidden = !code.needsLatent;
  byId('latent').href = `${address}/latent.npy?${asked}`;
  byId('warnings').textContent = warnings.join(' ');
}

function describe() {
  const parts = {
    seed: () => [text('of-seed', at.seed), ...(at.index > 0n ? [text('of-index', at.index)] : [])],
    corners: () => [text('of-corners', at.corners.join(', '))],
    walk: () => [text('of-walk', at.seed, at.frame + 1, frames)],
  }[at.base]();
  if (at.label) parts.push(at.label);
  if (at.truncation !== null) parts.push(text('of-truncation', number(at.truncation)));
  if (at.moves.size + at.along.size > 0) parts.push(text('of-moves', at.moves.size + at.along.size));
  return parts.join(' · ');
}

/** Seeds around the one that is shown, moved and labelled as it is. */
let stripOf = '';
function drawStrip() {
  const first = at.seed - ((at.seed % stripLength) + stripLength) % stripLength;
  const base = { ...at, base: 'seed', index: 0n }, key = `${first} ${query({ ...base, seed: 0n })}`;
  for (const button of byId('strip').children)
    button.setAttribute('aria-pressed', String(at.base === 'seed' && button.dataset.seed === String(at.seed)));
  if (key === stripOf) return;
  stripOf = key;
  byId('strip').replaceChildren(...Array.from({ length: Number(stripLength) }, (_, i) => {
    const seed = first + BigInt(i), button = element('button', '', { type: 'button' }), image = new Image();
    image.src = pictureOf({ ...base, seed });
    image.alt = text('of-seed', seed);
    button.dataset.seed = seed;
    button.setAttribute('aria-pressed', String(at.base === 'seed' && seed === at.seed));
    button.append(image);
    button.addEventListener('click', () => {
      Object.assign(at, { base: 'seed', seed, index: 0n });
      show();
    });
    return button;
  }));
}

let cornersOf = '';
function drawCorners() {
  byId('handle').style.left = `${100 * at.x}%`;
  byId('handle').style.top = `${100 * at.y}%`;
  const base = { ...at, base: 'seed', index: 0n }, key = `${at.corners} ${query({ ...base, seed: 0n })}`;
  if (key === cornersOf || at.base !== 'corners') return;
  cornersOf = key;
  [...byId('pad').querySelectorAll('img')].forEach((image, i) => {
    image.src = pictureOf({ ...base, seed: at.corners[i] });
    image.alt = text('of-seed', at.corners[i]);
  });
}

/** Puts the controls to what is shown, and draws it. */
let stripWaits = 0;
function show() {
  for (const radio of document.querySelectorAll('[name=base]')) radio.checked = radio.value === at.base;
  for (const part of document.querySelectorAll('[data-base]')) part.hidden = !part.dataset.base.split(' ').includes(at.base);
  if (document.activeElement !== byId('seed')) byId('seed').value = at.seed;
  byId('index').value = at.index;
  byId('points').value = at.points;
  setSlider('x', at.x, number(at.x));
  setSlider('y', at.y, number(at.y));
  setSlider('frame', at.frame, String(at.frame + 1));
  setSlider('truncation', at.truncation ?? noTruncation, at.truncation === null ? text('none') : number(at.truncation));
  if (model.texts && document.activeElement !== byId('words')) byId('words').value = at.label;
  for (const input of document.querySelectorAll('[data-moves]'))
    setSlider(input.id, at[input.dataset.moves].get(Number(input.dataset.place)) ?? 0);
  clearTimeout(kept);
  // Browsers refuse the many changes of a slider that moves.
  if (playing === 0) kept = setTimeout(() => history.replaceState(null, '', link()), 250);
  drawCorners();
  clearTimeout(stripWaits);
  if (playing === 0) stripWaits = setTimeout(drawStrip, 150);
  return draw();
}

// --- The controls ---

function slider(parent, kind, place, name, detail = '') {
  const id = `${kind}-${place}`, label = element('label', `${name} `), input = element('input', '');
  Object.assign(input, { id, type: 'range', min: -4, max: 4, step: 0.1, value: 0 });
  Object.assign(input.dataset, { moves: kind, place });
  const output = element('output', '0');
  output.htmlFor = id;
  label.title = detail;
  label.append(input, output);
  parent.append(label);
  input.addEventListener('input', () => {
    if (Number(input.value) === 0) at[kind].delete(place);
    else at[kind].set(place, Number(input.value));
    show();
  });
}

function buildControls() {
  byId('name').textContent = model.name;
  byId('facts').textContent = text('facts', model.width, model.height, model.latentSize) +
    (model.pipeline && model.pipeline !== model.name ? ` · ${model.pipeline}` : '');
  byId('picture').classList.toggle('small', model.width < 256);
  byId('frame').max = frames - 1;
  byId('labels').hidden = !labels;
  byId('text').hidden = !model.texts;
  byId('examples').append(...(model.texts ?? []).map(words => element('option', '', { value: words })));
  byId('directions').hidden = readers.length === 0;
  byId('reader').append(...readers.map(({ folder, name }) => element('option', name, { value: folder })));
}

function listen() {
  const set = (id, change) => byId(id).addEventListener('input', event => { change(event.target); show(); });
  for (const radio of document.querySelectorAll('[name=base]'))
    radio.addEventListener('change', () => { stop(); at.base = radio.value; show(); });
  set('seed', input => { if (input.checkValidity() && /\d/.test(input.value)) at.seed = BigInt(input.value.replace('+', '')); });
  set('index', input => { if (input.checkValidity() && input.value !== '') at.index = BigInt(input.value); });
  set('x', input => { at.x = Number(input.value); });
  set('y', input => { at.y = Number(input.value); });
  set('points', input => { if (input.checkValidity() && input.value !== '') at.points = Number(input.value); });
  set('frame', input => { stop(); at.frame = Number(input.value); });
  set('truncation', input => { at.truncation = Number(input.value) >= noTruncation ? null : Number(input.value); });
  set('words', input => { if (input.value.trim() !== '') at.label = input.value; });
  byId('controls').addEventListener('submit', event => event.preventDefault());
  byId('random').addEventListener('click', () => {
    stop();
    if (at.base === 'corners') at.corners = at.corners.map(randomSeed);
    else Object.assign(at, { seed: randomSeed(), index: 0n });
    byId('seed').value = at.seed;
    show();
  });
  byId('reset').addEventListener('click', () => {
    stop();
    at = { ...start(), label: at.label };
    show();
  });
  byId('deal').addEventListener('click', () => {
    at.corners = at.corners.map(randomSeed);
    show();
  });
  byId('pad').addEventListener('pointerdown', event => { byId('pad').setPointerCapture(event.pointerId); drag(event); });
  byId('pad').addEventListener('pointermove', event => { if (byId('pad').hasPointerCapture(event.pointerId)) drag(event); });
  byId('play').addEventListener('click', () => { if (playing === 0) play(); else { stop(); show(); } });
  byId('find').addEventListener('click', () => findDirections('POST'));
  byId('reader').addEventListener('change', () => { at.along.clear(); findDirections('GET'); show(); });
  byId('components').addEventListener('toggle', buildComponents);
  addEventListener('hashchange', () => { stop(); readAddress(); show(); });
}

function drag(event) {
  const { left, top, width, height } = byId('pad').getBoundingClientRect();
  const share = value => Math.round(100 * Math.max(0, Math.min(1, value))) / 100;
  at.x = share((event.clientX - left) / width);
  at.y = share((event.clientY - top) / height);
  show();
}

function buildComponents() {
  if (byId('moves').children.length > 0) return;
  for (let i = 0; i < Math.min(model.latentSize, mostComponents); i++) slider(byId('moves'), 'moves', i, text('component', i));
  show();
}

// --- The walk ---

async function play() {
  const turn = playing = performance.now();
  byId('play').textContent = text('pause');
  byId('play').setAttribute('aria-pressed', 'true');
  while (playing === turn) {
    const next = performance.now() + 40;
    at.frame = (at.frame + 1) % frames;
    await show();
    await new Promise(resolve => setTimeout(resolve, Math.max(0, next - performance.now())));
  }
}

function stop() {
  playing = 0;
  byId('play').textContent = text('play');
  byId('play').setAttribute('aria-pressed', 'false');
}

// --- Directions ---

async function findDirections(method) {
  const reader = byId('reader').value;
  try {
    for (;;) {
      const found = await (await ask(`${address}/directions?${new URLSearchParams({ reader })}`, { method })).json();
      if (reader !== byId('reader').value) return;
      byId('finding').textContent = found.state === 'running' ? text('finding') : found.problem ?? '';
      byId('find').hidden = found.state === 'running' || found.state === 'done';
      if (found.state !== 'running') return showDirections(found.directions);
      method = 'GET';
      await new Promise(resolve => setTimeout(resolve, 500));
    }
  } catch (error) {
    byId('finding').textContent = error.message;
  }
}

function showDirections(found) {
  directions = found;
  byId('along').replaceChildren();
  directions.forEach(({ attribute, value, separation }, i) => slider(byId('along'), 'along', i,
    value === 'true' ? attribute : attribute === 'class' ? value : `${attribute} ${value}`,
    separation === null ? '' : text('separation', number(separation))));
  at.along = new Map([...at.along].filter(([direction]) => direction < directions.length));
  show();
}

buildControls();
readAddress();
listen();
copyButtons(byId('copied'), text);
if (at.moves.size > 0) byId('components').open = true;
// Directions that the address names are found again; others are shown where they are known.
if (readers.length > 0) findDirections(at.along.size > 0 ? 'POST' : 'GET');
show();
