// Bricks: the renderer beside a generator that is told the same.
import { ask, byId, data, element, newest, setSlider, showPicture } from '/assets/explorer.js';

const models = data('models'), fields = ['kind', 'color', 'style', 'yaw', 'pitch', 'light', 'background'];
const model = () => models.find(({ folder }) => folder === byId('model').value);

/** What is described, as the server takes it and the address keeps it. */
function described() {
  const asked = new URLSearchParams(fields.map(field => [field, byId(field).value]));
  asked.set('shadow', byId('shadow').checked);
  return asked;
}

const draw = newest(async () => {
  const asked = described(), chosen = model();
  try {
    // As large as the generator's, so that both can be compared.
    await showPicture(byId('render'), `/bricks/render.png?${asked}&size=${chosen?.width ?? 128}&channels=${chosen?.channels ?? 3}`);
    if (!chosen) return;
    asked.set('model', chosen.folder);
    const { label, warnings } = await (await ask(`/bricks/label?${asked}`)).json();
    await showPicture(byId('generated'), `/bricks/generated.png?${asked}&seed=${byId('seed').value}&v=${chosen.version}`);
    byId('caption').textContent = [label, ...warnings].join(' · ');
    byId('generated').hidden = false;
    byId('problem').hidden = true;
  } catch (error) {
    byId('generated').hidden = true;
    byId('caption').textContent = '';
    byId('problem').textContent = error.message;
    byId('problem').hidden = false;
  }
});

let kept = 0;
function show() {
  for (const id of ['yaw', 'pitch', 'light']) setSlider(id, byId(id).value, `${byId(id).value}°`);
  setSlider('background', byId('background').value);
  for (const picture of document.querySelectorAll('.picture')) picture.classList.toggle('small', (model()?.width ?? 128) < 256);
  clearTimeout(kept);
  kept = setTimeout(() => {
    const link = described();
    if (model()) link.set('model', model().folder);
    link.set('seed', byId('seed').value);
    history.replaceState(null, '', `#${link}`);
  }, 250);
  draw();
}

function readAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  for (const id of [...fields, 'seed', 'model']) {
    const before = byId(id).value;
    if (given.has(id)) byId(id).value = given.get(id);
    // What a choice does not have leaves it empty.
    if (byId(id).value === '') byId(id).value = before;
  }
  if (given.has('shadow')) byId('shadow').checked = given.get('shadow') === 'true';
}

const choices = (id, names) => byId(id).append(...names.map(name => element('option', name, { value: name })));
choices('kind', data('kinds'));
choices('color', data('colors'));
byId('model').append(...models.map(({ folder, name }) => element('option', name, { value: folder })));
byId('kind').value = 'brick 2x4';
byId('color').value = model()?.channels === 1 ? 'gray' : 'red';
byId('none').hidden = models.length > 0;
for (const id of ['generator', 'generated']) byId(id).hidden = models.length === 0;
readAddress();
byId('controls').addEventListener('input', show);
byId('controls').addEventListener('submit', event => event.preventDefault());
byId('another').addEventListener('click', () => {
  byId('seed').value = Math.floor(Math.random() * 1e6);
  show();
});
addEventListener('hashchange', () => { readAddress(); show(); });
show();
