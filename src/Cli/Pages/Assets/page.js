// The page: which picture is shown, its controls, and the link that names it.
import { open } from './generator.js';

const Strip = 8n, Least = -(2n ** 63n), Most = 2n ** 63n - 1n, NoTruncation = 3;
const id = name => document.getElementById(name);
const at = { seed: 0n, index: 0n, walk: 0, truncation: null, labels: [] };
let generator, inputs = [], waiting = 0;

const short = value => String(Number(value.toPrecision(4)));
const randomSeed = () => BigInt(crypto.getRandomValues(new Uint32Array(1))[0]);
const choose = list => list[Math.floor(Math.random() * list.length)];

// Labels that occur together in the training pictures, where the model knows some.
function randomLabels() {
  if (generator.labelExamples.length > 0) return choose(generator.labelExamples);
  return generator.labels.map(field => ({
    categorical: () => choose([...field.values.keys()]),
    binary: () => choose([0, 1]),
    numeric: () => Number(short(field.low + Math.random() * (field.high - field.low))),
  }[field.kind]()));
}

// A label's value as the link writes it, and back; undefined for what is none.
const write = (field, value) => (field.kind === 'categorical' ? field.values[value] : String(value));

function read(field, text) {
  if (field.kind === 'categorical') return field.values.includes(text) ? field.values.indexOf(text) : undefined;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) return undefined;
  if (field.kind === 'binary') return value > 0 ? 1 : 0;
  return Math.max(field.low, Math.min(field.high, value));
}

function readWhole(text, least) {
  if (text === null || !/^\s*[+-]?\d{1,19}\s*$/.test(text)) return undefined;
  const value = BigInt(text.trim().replace('+', ''));
  return value >= least && value <= Most ? value : undefined;
}

function readNumber(text, least, most) {
  const value = text === null || text.trim() === '' ? NaN : Number(text);
  return value >= least && value <= most ? value : undefined;
}

// What the link does not say is drawn: another picture at each visit.
function readLink() {
  const link = new URLSearchParams(location.hash.slice(1)), labels = link.getAll('label'), drawn = randomLabels();
  at.seed = readWhole(link.get('seed'), Least) ?? randomSeed();
  at.index = readWhole(link.get('index'), 0n) ?? 0n;
  at.walk = readNumber(link.get('walk'), 0, 1) ?? 0;
  at.truncation = readNumber(link.get('truncation'), 0.01, Infinity) ?? null;
  at.labels = generator.labels.map((field, i) => (i < labels.length ? read(field, labels[i]) : undefined) ?? drawn[i]);
}

function link() {
  const link = new URLSearchParams({ seed: at.seed });
  generator.labels.forEach((field, i) => link.append('label', write(field, at.labels[i])));
  if (at.index > 0n) link.set('index', at.index);
  if (at.walk > 0) link.set('walk', at.walk);
  if (at.truncation !== null) link.set('truncation', at.truncation);
  return `#${link}`;
}

function describe() {
  const shown = generator.labels.map((field, i) => ({
    categorical: () => `${field.name} ${field.values[at.labels[i]]}`,
    binary: () => (at.labels[i] ? field.name : `not ${field.name}`),
    numeric: () => `${field.name} ${short(at.labels[i])}`,
  }[field.kind]()));
  if (at.index > 0n) shown.push(`index ${at.index}`);
  if (at.walk > 0) shown.push(`${Math.round(100 * at.walk)} % of the way to seed ${BigInt.asIntN(64, at.seed + 1n)}`);
  if (at.truncation !== null) shown.push(`truncation ${at.truncation}`);
  return [`Seed ${at.seed}`, ...shown].join(', ');
}

function paint(canvas, image) {
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.classList.toggle('small', image.width < 256);
  canvas.getContext('2d', { alpha: false }).putImageData(image, 0, 0);
}

// Draws what is wanted now, then the strip; what is no longer wanted is left.
let wanted = 0, isDrawing = false, stripOf = '';
async function draw() {
  wanted++;
  if (isDrawing) return;
  isDrawing = true;
  document.querySelector('main').setAttribute('aria-busy', 'true');
  try {
    for (let done = 0; done !== wanted;) {
      done = wanted;
      const text = describe();
      paint(id('picture'), await generator.draw({ ...at }));
      id('picture').setAttribute('aria-label', text);
      id('caption').textContent = text;
      if (done === wanted) await drawStrip(() => done === wanted);
    }
    id('notice').hidden = true;
  } catch (error) {
    tell(`No picture could be made: ${error.message}`);
  }
  isDrawing = false;
  document.querySelector('main').setAttribute('aria-busy', 'false');
}

async function drawStrip(isWanted) {
  const first = at.index - at.index % Strip, place = { ...at, walk: 0 };
  for (const [i, button] of [...id('strip').querySelectorAll('button')].entries()) {
    const index = first + BigInt(i);
    button.dataset.index = index;
    button.setAttribute('aria-label', `Index ${index}`);
    button.setAttribute('aria-pressed', String(index === at.index));
  }
  const key = [at.seed, first, at.truncation, ...at.labels].join();
  if (key === stripOf) return;
  stripOf = '';
  for (const [i, canvas] of [...id('strip').querySelectorAll('canvas')].entries()) {
    // The browser shows the pictures before, and hears what is pressed, between two of them.
    await new Promise(resolve => setTimeout(resolve));
    if (!isWanted()) return;
    paint(canvas, await generator.draw({ ...place, index: first + BigInt(i) }));
  }
  stripOf = key;
}

// Puts the controls and the link to what is shown. A new entry of the history is what the back button returns to.
function show(isNew = false) {
  id('seed').value = at.seed;
  id('seed').removeAttribute('aria-invalid');
  setRange('walk', at.walk, `${Math.round(100 * at.walk)} %`);
  setRange('truncation', at.truncation ?? NoTruncation, at.truncation === null ? 'none' : String(at.truncation));
  inputs.forEach((set, i) => set(at.labels[i]));
  id('link').href = link();
  id('copied').textContent = '';
  clearTimeout(waiting);
  // Browsers refuse the many changes of a slider that moves.
  if (isNew) keep(true);
  else waiting = setTimeout(keep, 250);
  draw();
}

function keep(isNew = false) {
  if (location.hash !== link()) history[isNew ? 'pushState' : 'replaceState'](null, '', link());
}

function setRange(name, value, text) {
  id(name).value = value;
  id(name).setAttribute('aria-valuetext', text);
  document.querySelector(`output[for="${name}"]`).textContent = text;
}

// A control for a field of the labels; returns what sets it to a value.
function control(field, i) {
  const box = document.createElement('p'), label = document.createElement('label');
  const input = document.createElement(field.kind === 'categorical' ? 'select' : 'input'), output = document.createElement('output');
  box.className = 'field';
  input.id = label.htmlFor = output.htmlFor = `label-${i}`;
  label.textContent = field.name;
  const change = value => {
    at.labels = at.labels.with(i, value);
    show();
  };
  box.append(label);
  id('fields').append(box);
  if (field.kind === 'categorical') {
    input.append(...field.values.map((name, k) => new Option(name, k)));
    input.addEventListener('change', () => change(Number(input.value)));
    box.append(input);
    return value => { input.value = value; };
  }
  if (field.kind === 'binary') {
    input.type = 'checkbox';
    input.addEventListener('change', () => change(input.checked ? 1 : 0));
    box.append(input);
    return value => { input.checked = value > 0; };
  }
  Object.assign(input, { type: 'range', min: field.low, max: field.high, step: 'any' });
  input.addEventListener('input', () => change(Number(short(Number(input.value)))));
  box.append(output, input);
  return value => {
    input.value = value;
    output.textContent = short(value);
  };
}

function tell(text) {
  id('notice').textContent = text;
  id('notice').hidden = false;
}

function listen() {
  id('another').addEventListener('click', () => {
    Object.assign(at, { seed: randomSeed(), index: 0n, walk: 0 });
    show(true);
  });
  id('seed').addEventListener('input', () => {
    const seed = readWhole(id('seed').value, Least);
    if (seed === undefined) {
      id('seed').setAttribute('aria-invalid', 'true');
      return;
    }
    const typed = id('seed').value;
    Object.assign(at, { seed, index: 0n, walk: 0 });
    show();
    id('seed').value = typed;
  });
  id('controls').addEventListener('submit', event => event.preventDefault());
  id('shuffle').addEventListener('click', () => {
    at.labels = randomLabels();
    show(true);
  });
  id('walk').addEventListener('input', () => {
    at.walk = Number(id('walk').value);
    show();
  });
  id('truncation').addEventListener('input', () => {
    const value = Number(id('truncation').value);
    at.truncation = value < NoTruncation ? value : null;
    show();
  });
  id('strip').addEventListener('click', event => {
    const button = event.target.closest('button');
    if (!button) return;
    Object.assign(at, { index: BigInt(button.dataset.index), walk: 0 });
    show(true);
  });
  id('save').addEventListener('click', () => id('picture').toBlob(blob => {
    const file = document.createElement('a');
    file.href = URL.createObjectURL(blob);
    file.download = `${link().slice(1).replaceAll(/[^\w.-]+/g, '-')}.png`;
    file.click();
    setTimeout(() => URL.revokeObjectURL(file.href), 1000);
  }));
  id('link').addEventListener('click', async event => {
    event.preventDefault();
    // Without a clipboard, which pages that are not secure have none of, the address bar holds the link.
    await navigator.clipboard?.writeText(id('link').href).then(() => { id('copied').textContent = 'Copied.'; }, () => {});
  });
  addEventListener('hashchange', () => {
    readLink();
    show();
  });
}

id('notice').classList.add('told');
id('notice').textContent = 'The model is loading…';
try {
  generator = await open();
  for (let i = 0n; i < Strip; i++) {
    const item = document.createElement('li'), button = document.createElement('button');
    button.type = 'button';
    button.append(document.createElement('canvas'));
    item.append(button);
    id('strip').append(item);
  }
  inputs = generator.labels.map(control);
  id('labels').hidden = inputs.length === 0;
  listen();
  readLink();
  id('stage').hidden = id('more').hidden = false;
  show();
} catch (error) {
  tell(`The model could not be loaded: ${error.message}`);
  document.querySelector('main').setAttribute('aria-busy', 'false');
}
