// Poses: a picture is turned by two angles, or moved by keypoints.
import { Drawing, load, openFiles } from '/assets/drawing.js';
import { ask, byId, data, element, newest, setSlider, showPicture } from '/assets/explorer.js';

const model = data('model'), texts = data('texts');
const text = (key, ...values) => values.reduce((whole, value, i) => whole.replace(`{${i}}`, value), texts[`pose.${key}`]);
const canvas = byId('canvas'), hasPoints = model.keypoints.length > 0;
[canvas.width, canvas.height] = [model.width, model.height];
// In a row, for want of a pose to begin with.
const points = model.keypoints.map((name, i) => ({
  name, x: Math.round(model.width * (i + 1) / (model.keypoints.length + 1)), y: model.height >> 1, isMissing: false,
}));
let example = null;

const pose = () => (hasPoints ? `points=${points.map(point => (point.isMissing ? '' : `${point.x},${point.y}`)).join(';')}`
  : `yaw=${byId('yaw').value}&pitch=${byId('pitch').value}`);

const draw = newest(async () => {
  const began = performance.now();
  try {
    await showPicture(byId('picture'), `${model.address}/picture.png?${pose()}`, { method: 'POST', body: drawing.pixels });
    byId('time').textContent = text('time', Math.round(performance.now() - began));
    if (example !== null && !hasPoints)
      await showPicture(byId('target'), `${model.address}/truth.png?index=${example}&${pose()}&v=${model.version}`);
    tell('');
  } catch (error) {
    tell(error.message);
  }
});

// Nothing is drawn on it: pictures are put there.
const drawing = new Drawing(canvas, draw, false);

function tell(problem) {
  byId('problem').textContent = problem;
  byId('problem').hidden = problem === '';
}

function show() {
  if (!hasPoints) for (const id of ['yaw', 'pitch']) setSlider(id, byId(id).value, `${byId(id).value}°`);
  byId('truth').hidden = example === null || hasPoints;
  draw();
}

async function showExample(index) {
  try {
    const view = await (await ask(`${model.address}/view?index=${index}`)).json();
    byId('yaw').value = Math.round(view.yaw);
    byId('pitch').value = Math.round(view.pitch);
    example = index;
    drawing.put(await load(`${model.address}/input.png?index=${index}&v=${model.version}`));
    show();
  } catch (error) {
    tell(error.message);
  }
}

/** A dot on the picture for each keypoint, which is dragged or moved by the arrow keys, and whether it is missing. */
function buildPoints() {
  for (const point of points) {
    const dot = element('button', '', { type: 'button', className: 'dot', title: point.name }), box = element('input', '', { type: 'checkbox' });
    const place = () => {
      dot.style.left = `${100 * (point.x + 0.5) / model.width}%`;
      dot.style.top = `${100 * (point.y + 0.5) / model.height}%`;
      dot.hidden = point.isMissing;
      dot.setAttribute('aria-label', `${point.name}: ${point.x}, ${point.y}`);
    };
    const move = (x, y) => {
      point.x = Math.max(0, Math.min(model.width - 1, Math.round(x)));
      point.y = Math.max(0, Math.min(model.height - 1, Math.round(y)));
      place();
      draw();
    };
    dot.addEventListener('pointerdown', event => dot.setPointerCapture(event.pointerId));
    dot.addEventListener('pointermove', event => {
      if (!dot.hasPointerCapture(event.pointerId)) return;
      const { left, top, width, height } = byId('posed').getBoundingClientRect();
      move((event.clientX - left) / width * model.width - 0.5, (event.clientY - top) / height * model.height - 0.5);
    });
    dot.addEventListener('keydown', event => {
      const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (!step) return;
      event.preventDefault();
      move(point.x + step[0], point.y + step[1]);
    });
    box.addEventListener('change', () => {
      point.isMissing = box.checked;
      place();
      draw();
    });
    const label = element('label', '');
    label.append(box, ` ${text('missing', point.name)}`);
    byId('points').append(label);
    byId('posed').append(dot);
    place();
  }
}

byId('name').textContent = model.name;
byId('facts').textContent = text('facts', model.width, model.height) + (model.pipeline && model.pipeline !== model.name ? ` · ${model.pipeline}` : '');
for (const picture of document.querySelectorAll('.picture')) picture.classList.toggle('small', model.width < 256);
byId('view').hidden = hasPoints;
byId('points').hidden = !hasPoints;
buildPoints();
for (const id of ['yaw', 'pitch']) byId(id).addEventListener('input', show);
openFiles({ put(image) { example = null; drawing.put(image); show(); } }, error => tell(error.message));
byId('example').hidden = model.examples === 0;
byId('example').addEventListener('click', () => showExample(Math.floor(Math.random() * model.examples)));
if (model.examples > 0) showExample(0);
else {
  drawing.clear('#ffffff');
  show();
}
