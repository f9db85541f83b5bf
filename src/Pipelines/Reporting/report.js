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
