// Translation by drawing: what is on the canvas goes through the network at each change.
import { Drawing, drawingTools, load, openFiles } from '/assets/drawing.js';
import { byId, data, newest, showPicture } from '/assets/explorer.js';

const model = data('model'), texts = data('texts');
const text = (key, ...values) => values.reduce((whole, value, i) => whole.replace(`{${i}}`, value), texts[`translator.${key}`]);
const canvas = byId('canvas');
[canvas.width, canvas.height] = [model.width, model.height];
let example = null;

const translate = newest(async () => {
  const began = performance.now();
  try {
    await showPicture(byId('picture'), `${model.address}/picture.png?width=${model.width}&height=${model.height}`,
      { method: 'POST', body: drawing.pixels });
    byId('time').textContent = text('time', Math.round(performance.now() - began));
    byId('save').href = byId('picture').src;
    byId('save-input').href = canvas.toDataURL();
    tell('');
  } catch (error) {
    tell(error.message);
  }
});

const drawing = new Drawing(canvas, () => {
  // It is no longer the example's.
  byId('truth').hidden = example === null || !example.isWhole;
  if (example) example.isWhole = false;
  translate();
});

function tell(problem) {
  byId('problem').textContent = problem;
  byId('problem').hidden = problem === '';
}

async function showExample(index) {
  try {
    const image = await load(`${model.address}/input.png?index=${index}&v=${model.version}`);
    byId('target').src = `${model.address}/target.png?index=${index}&v=${model.version}`;
    example = { isWhole: true };
    drawing.put(image);
  } catch (error) {
    tell(error.message);
  }
}

byId('name').textContent = model.name;
byId('facts').textContent = text('facts', model.width, model.height) + (model.pipeline && model.pipeline !== model.name ? ` · ${model.pipeline}` : '');
byId('command').textContent = `./gan translate ${model.isBack ? model.file : model.folder} --data folder:pictures --out translated`;
for (const picture of document.querySelectorAll('.picture')) picture.classList.toggle('small', model.width < 256);
drawingTools(drawing, model.palette);
openFiles(drawing, error => tell(error.message));
byId('example').hidden = model.examples === 0;
byId('example').addEventListener('click', () => showExample(Math.floor(Math.random() * model.examples)));
if (model.examples > 0) showExample(0);
else drawing.clear(model.palette[0].color);
