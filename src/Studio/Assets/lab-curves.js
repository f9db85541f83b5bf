// The curves of the lab: divergences and losses by round.
import { draw, palette } from '/assets/plot.js';

const mostPoints = 600;

export class Curves {
  #texts;
  #rounds = [];
  #values = [[], [], [], []];
  #skip = 0;
  #every = 1;

  constructor(texts) {
    this.#texts = texts;
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
    const { ink, real, generated } = palette();
    const curve = (i, name, color) => ({ name, color, x: this.#rounds, y: this.#values[i] });
    draw(document.getElementById('divergences'), [curve(0, 'KL', ink), curve(1, 'JS', real)]);
    draw(document.getElementById('losses'),
      [curve(2, this.#texts['lab.loss-d'], real), curve(3, this.#texts['lab.loss-g'], generated)]);
  }
}
