(() => {
  const box = document.querySelector('.evolution');
  if (!box) return;
  const frames = [...box.querySelectorAll('img')];
  const slider = box.querySelector('input');
  const step = box.querySelector('output');
  const play = box.querySelector('button');
  let timer = 0;
  const show = i => {
    frames.forEach((f, k) => { f.hidden = k !== i; });
    step.textContent = Number(frames[i].dataset.step).toLocaleString('en');
    slider.value = i;
  };
  const stop = () => { clearInterval(timer); timer = 0; play.textContent = 'Play'; };
  slider.addEventListener('input', () => { stop(); show(Number(slider.value)); });
  play.addEventListener('click', () => {
    if (timer) return stop();
    play.textContent = 'Pause';
    let i = Number(slider.value) >= frames.length - 1 ? -1 : Number(slider.value);
    timer = setInterval(() => { if (++i >= frames.length) stop(); else show(i); }, 450);
  });
  // Printing and readers without scripts get the strip, which shares the frames' pictures.
  document.querySelectorAll('.strip img').forEach(s => { s.src = frames[Number(s.dataset.frame)].src; });
})();
// Values of the curves under the pointer, or by the arrow keys; they are the running means that the lines show.
document.querySelectorAll('svg.chart').forEach(chart => {
  const [left, top, width, height] = chart.dataset.area.split(' ').map(Number);
  const right = Number(chart.dataset.right), upper = Number(chart.dataset.upper), percent = 'percent' in chart.dataset;
  const lines = [...chart.querySelectorAll('polyline.line')].map(line => ({
    name: line.dataset.name, points: line.getAttribute('points').split(' ').map(p => p.split(',').map(Number)),
  }));
  const rule = document.createElementNS(chart.namespaceURI, 'line');
  rule.setAttribute('class', 'at');
  rule.setAttribute('y1', top);
  rule.setAttribute('y2', top + height);
  const tip = document.createElement('p');
  tip.className = 'tip';
  tip.setAttribute('role', 'status');
  let at = null;
  const text = y => {
    const value = upper * (1 - (y - top) / height), over = y <= top + 0.01 && !percent ? 'over ' : '';
    return over + (percent ? `${Math.round(value * 100)} %` : Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 6 }));
  };
  const show = x => {
    const all = lines.flatMap(line => line.points.map(p => p[0]));
    at = all.reduce((best, p) => (Math.abs(p - x) < Math.abs(best - x) ? p : best), all[0]);
    rule.setAttribute('x1', at);
    rule.setAttribute('x2', at);
    chart.append(rule);
    const values = lines.map(line => {
      const [, y] = line.points.reduce((best, p) => (Math.abs(p[0] - at) < Math.abs(best[0] - at) ? p : best));
      return `${line.name} ${text(y)}`;
    });
    tip.textContent = `step ${Math.round((at - left) / width * right).toLocaleString('en')}: ${values.join(', ')}`;
    chart.after(tip);
  };
  const hide = () => { rule.remove(); tip.remove(); at = null; };
  chart.addEventListener('pointermove', e => {
    const box = chart.getBoundingClientRect();
    show((e.clientX - box.left) / box.width * chart.viewBox.baseVal.width);
  });
  chart.addEventListener('pointerleave', hide);
  chart.addEventListener('blur', hide);
  chart.addEventListener('keydown', e => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[e.key];
    if (!by) return;
    e.preventDefault();
    show((at ?? left + width / 2) + by * width / 40);
  });
});
