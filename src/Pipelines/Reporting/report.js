// Pictures by step: one slider moves all of the frames beside it.
document.querySelectorAll('.evolution').forEach(box => {
  const groups = [...box.querySelectorAll('.frames')].map(frames => [...frames.querySelectorAll('img')]);
  const steps = groups[0].map(frame => Number(frame.dataset.step).toLocaleString('en'));
  const slider = box.querySelector('input');
  const step = box.querySelector('output');
  const play = box.querySelector('button');
  let timer = 0;
  const show = i => {
    groups.forEach(frames => frames.forEach((f, k) => { f.hidden = k !== i; }));
    step.textContent = steps[i];
    slider.value = i;
    slider.setAttribute('aria-valuetext', `step ${steps[i]}`);
  };
  const stop = () => { clearInterval(timer); timer = 0; play.textContent = 'Play'; };
  slider.addEventListener('input', () => { stop(); show(Number(slider.value)); });
  play.addEventListener('click', () => {
    if (timer) return stop();
    play.textContent = 'Pause';
    let i = Number(slider.value) >= steps.length - 1 ? -1 : Number(slider.value);
    timer = setInterval(() => { if (++i >= steps.length) stop(); else show(i); }, 450);
  });
  // Printing and readers without scripts get the strip, which shares the frames' pictures.
  document.querySelectorAll('.strip img').forEach(s => { s.src = groups[0][Number(s.dataset.frame)].src; });
});
// What scrolls must be within reach of the keyboard.
const reach = () => document.querySelectorAll('.card, pre').forEach(box => {
  if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  else box.removeAttribute('tabindex');
});
addEventListener('resize', reach);
reach();
// Values of the curves under the pointer, or by the arrow keys; they are the running means that the lines show.
document.querySelectorAll('svg.chart').forEach(chart => {
  const [left, top, width, height] = chart.dataset.area.split(' ').map(Number);
  const right = Number(chart.dataset.right), percent = 'percent' in chart.dataset;
  const lower = Number(chart.dataset.lower), upper = Number(chart.dataset.upper);
  // Many lines have their values in the legend, few in one line below.
  const slots = [...chart.parentElement.querySelectorAll('.legend.values')].flatMap(legend => [...legend.querySelectorAll('i')]);
  const lines = [...chart.querySelectorAll('polyline.line')].map(line => ({
    name: line.dataset.name, points: line.getAttribute('points').split(' ').map(p => p.split(',').map(Number)),
  }));
  const places = [...new Set(lines.flatMap(line => line.points.map(p => p[0])))].sort((a, b) => a - b);
  const rule = document.createElementNS(chart.namespaceURI, 'line');
  rule.setAttribute('class', 'at');
  rule.setAttribute('y1', top);
  rule.setAttribute('y2', top + height);
  const tip = document.createElement('p');
  tip.className = 'tip';
  tip.setAttribute('role', 'status');
  let at = null;
  const text = y => {
    const value = upper - (upper - lower) * (y - top) / height;
    const over = percent ? '' : y <= top + 0.01 ? 'over ' : lower < 0 && y >= top + height - 0.01 ? 'under ' : '';
    return over + (percent ? `${Math.round(value * 100)} %` : Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 6 }));
  };
  const show = x => {
    at = places.reduce((best, p) => (Math.abs(p - x) < Math.abs(best - x) ? p : best), places[0]);
    rule.setAttribute('x1', at);
    rule.setAttribute('x2', at);
    chart.append(rule);
    const values = lines.map(line => {
      const [, y] = line.points.reduce((best, p) => (Math.abs(p[0] - at) < Math.abs(best[0] - at) ? p : best));
      // A line that has ended before has no value here.
      return slots.length && at > line.points.at(-1)[0] + 0.01 ? '' : text(y);
    });
    const step = `step ${Math.round((at - left) / width * right).toLocaleString('en')}`;
    slots.forEach((slot, i) => { slot.textContent = values[i]; });
    tip.textContent = slots.length ? step : `${step}: ${values.map((value, i) => `${lines[i].name} ${value}`).join(', ')}`;
    chart.after(tip);
  };
  const hide = () => {
    slots.forEach(slot => { slot.textContent = ''; });
    rule.remove();
    tip.remove();
    at = null;
  };
  const follow = e => {
    const box = chart.getBoundingClientRect();
    show((e.clientX - box.left) / box.width * chart.viewBox.baseVal.width);
  };
  chart.addEventListener('pointermove', follow);
  chart.addEventListener('pointerdown', follow);
  // A finger that is lifted leaves the values to be read.
  chart.addEventListener('pointerleave', e => { if (e.pointerType !== 'touch') hide(); });
  chart.addEventListener('blur', hide);
  chart.addEventListener('keydown', e => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[e.key];
    if (!by) return;
    e.preventDefault();
    if (at === null) return show(left + width / 2);
    // To the next place that is a fortieth of the width away, or as far as there are any.
    const ahead = places.filter(p => (p - at) * by > 0);
    if (by < 0) ahead.reverse();
    show(ahead.find(p => Math.abs(p - at) >= width / 40) ?? ahead.at(-1) ?? at);
  });
});
