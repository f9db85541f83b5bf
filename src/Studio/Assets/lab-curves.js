// The curves under the numbers, by Plotly: divergences and losses by round.

const mostPoints = 600;

export class Curves {
  #texts;
  #plots;
  #rounds = [];
  #values = [[], [], [], []];
  #skip = 0;
  #every = 1;

  constructor(texts) {
    this.#texts = texts;
    this.#plots = [document.getElementById('divergences'), document.getElementById('losses')];
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.draw());
  }

  clear() {
    this.#rounds = [];
    this.#values = [[], [], [], []];
    this.#every = 1;
    this.draw();
  }

  add(frame) {
    if (this.#skip++ % this.#every !== 0) return;
    this.#rounds.push(frame.round);
    [frame.kullbackLeibler, frame.jensenShannon, frame.discriminatorLoss, frame.generatorLoss].forEach((value, i) =>
      this.#values[i].push(value));
    if (this.#rounds.length < mostPoints) return;
    // Every other one goes, and from now on comes.
    const thin = list => list.filter((_, i) => i % 2 === 0);
    this.#rounds = thin(this.#rounds);
    this.#values = this.#values.map(thin);
    this.#every *= 2;
  }

  draw() {
    const style = getComputedStyle(document.documentElement);
    const dark = matchMedia('(prefers-color-scheme: dark)').matches;
    const ink = dark ? '#a9b1ba' : '#565d66', line = dark ? '#3a4047' : '#e2e5e9';
    const names = [['KL', 'JS'], [this.#texts['lab.loss-d'], this.#texts['lab.loss-g']]];
    const colors = dark ? [['#e8eaed', '#5cc4a7'], ['#55c7a6', '#b39cff']] : [['#1d2126', '#1f6f5c'], ['#1f7a63', '#6a4fc0']];
    this.#plots.forEach((plot, k) => {
      const traces = names[k].map((name, i) => ({
        // New arrays, or Plotly takes them for unchanged.
        x: [...this.#rounds], y: [...this.#values[2 * k + i]], name, mode: 'lines', line: { color: colors[k][i], width: 1.6 },
      }));
      Plotly.react(plot, traces, {
        margin: { l: 36, r: 8, t: 30, b: 26 },
        paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)',
        font: { color: ink, size: 12, family: style.fontFamily || 'system-ui, sans-serif' },
        xaxis: { gridcolor: line, zeroline: false, fixedrange: true },
        yaxis: { gridcolor: line, rangemode: 'tozero', zerolinecolor: line, fixedrange: true },
        legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1.02, yanchor: 'bottom', bgcolor: 'rgba(0,0,0,0)' },
        showlegend: true,
      }, { displayModeBar: false, responsive: true });
    });
  }
}
