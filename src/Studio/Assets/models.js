// The list of models.
const data = id => JSON.parse(document.getElementById(`data-${id}`).textContent);
const texts = data('texts'), models = data('models');

document.getElementById('none').hidden = models.length > 0;
document.getElementById('models').replaceChildren(...models.map(model => {
  const item = document.createElement('li'), link = document.createElement('a');
  link.href = `${model.address}/${model.kind}/`;
  if (model.kind === 'generator') {
    const image = new Image();
    image.src = `${model.address}/generator/grid.png?count=9&v=${model.version}`;
    image.alt = '';
    image.loading = 'lazy';
    link.append(image);
  }
  const words = document.createElement('span'), name = document.createElement('strong'), facts = document.createElement('span');
  name.textContent = model.name;
  const size = (model.bytes / 1e6).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });
  facts.textContent = `${texts[`models.kind.${model.kind}`]} · ${size} MB`;
  words.append(name, facts);
  link.append(words);
  item.append(link);
  return item;
}));
