// The plane, [-1, 1] x [-1, 1]: real and generated points, the discriminator's judgement, the generator's grid, gradients.

const judgementSide = 40, manifoldSide = 21;
const gradientLength = 0.12;

/** A colour of the style sheet for the theme in use, as [red, green, blue]. */
function color(element, name) {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  element.after(probe);
  const parts = getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(Number);
  probe.remove();
  return parts;
}

const css = (rgb, alpha = 1) => `rgb(${rgb.join(' ')} / ${alpha})`;

export class View {
  #canvas;
  #pen;
  #map = document.createElement('canvas');
  #colors;

  constructor(canvas) {
    this.#canvas = canvas;
    this.#pen = canvas.getContext('2d');
    this.#map.width = this.#map.height = judgementSide;
    this.layers = { real: true, generated: true, judgements: true, manifold: false, gradients: false };
    this.readColors();
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.readColors());
  }

  readColors() {
    this.#colors = Object.fromEntries(['--panel', '--ink', '--real', '--generated'].map(name => [name, color(this.#canvas, name)]));
  }

  /** The plane's point under a pointer, [x, y]. */
  pointAt(event) {
    const box = this.#canvas.getBoundingClientRect();
    return [2 * (event.clientX - box.left) / box.width - 1, 1 - 2 * (event.clientY - box.top) / box.height];
  }

  draw(frame) {
    const pen = this.#pen, side = this.#canvas.width;
    pen.clearRect(0, 0, side, side);
    if (this.layers.judgements) this.#drawJudgements(frame.judgements, side);
    if (this.layers.manifold) this.#drawManifold(frame.manifold, side);
    if (this.layers.real) this.#drawPoints(frame.real, this.#colors['--real'], side);
    if (this.layers.generated) this.#drawPoints(frame.generated, this.#colors['--generated'], side);
    if (this.layers.gradients) this.#drawGradients(frame.generated, frame.gradients, side);
  }

  /** Points alone, while they are drawn by hand. */
  drawPoints(points) {
    this.#pen.clearRect(0, 0, this.#canvas.width, this.#canvas.width);
    this.#drawPoints(points, this.#colors['--real'], this.#canvas.width);
  }

  #drawJudgements(values, side) {
    const pen = this.#map.getContext('2d'), image = pen.createImageData(judgementSide, judgementSide);
    const { '--real': real, '--generated': generated, '--panel': ground } = this.#colors;
    for (let row = 0; row < judgementSide; row++) {
      for (let column = 0; column < judgementSide; column++) {
        const value = values[row * judgementSide + column];
        // Nothing where it is unsure; half of the colour where it is certain.
        const share = Math.abs(value - 0.5), target = value > 0.5 ? real : generated;
        const at = 4 * ((judgementSide - 1 - row) * judgementSide + column);
        for (let k = 0; k < 3; k++) image.data[at + k] = ground[k] + share * (target[k] - ground[k]);
        image.data[at + 3] = 255;
      }
    }
    pen.putImageData(image, 0, 0);
    this.#pen.imageSmoothingEnabled = true;
    this.#pen.drawImage(this.#map, 0, 0, side, side);
  }

  #drawPoints(points, rgb, side) {
    const pen = this.#pen;
    pen.fillStyle = css(rgb, 0.85);
    pen.beginPath();
    for (let i = 0; i < points.length; i += 2) {
      const x = (points[i] + 1) / 2 * side, y = (1 - points[i + 1]) / 2 * side;
      pen.moveTo(x + 3.2, y);
      pen.arc(x, y, 3.2, 0, 2 * Math.PI);
    }
    pen.fill();
  }

  #drawManifold(points, side) {
    const pen = this.#pen, count = points.length / 2;
    const x = i => (points[2 * i] + 1) / 2 * side, y = i => (1 - points[2 * i + 1]) / 2 * side;
    pen.strokeStyle = css(this.#colors['--generated'], 0.55);
    pen.lineWidth = 1.2;
    pen.beginPath();
    const line = indices => indices.forEach((i, at) => at === 0 ? pen.moveTo(x(i), y(i)) : pen.lineTo(x(i), y(i)));
    if (count !== manifoldSide * manifoldSide) {
      line(Array.from({ length: count }, (_, i) => i));
    } else {
      const range = Array.from({ length: manifoldSide }, (_, i) => i);
      for (const row of range) {
        line(range.map(i => row * manifoldSide + i));
        line(range.map(i => i * manifoldSide + row));
      }
    }
    pen.stroke();
  }

  #drawGradients(points, gradients, side) {
    const pen = this.#pen;
    const lengths = Array.from({ length: gradients.length / 2 }, (_, i) => Math.hypot(gradients[2 * i], gradients[2 * i + 1]));
    const longest = Math.max(...lengths, 1e-12);
    pen.strokeStyle = css(this.#colors['--ink'], 0.75);
    pen.lineWidth = 1.4;
    pen.beginPath();
    lengths.forEach((length, i) => {
      // The longest arrow has a fixed length; the roots of the others' lengths are shown, or most would be dots.
      const scale = gradientLength * Math.sqrt(length / longest) / Math.max(length, 1e-12);
      const [dx, dy] = [gradients[2 * i] * scale * side / 2, -gradients[2 * i + 1] * scale * side / 2];
      const x = (points[2 * i] + 1) / 2 * side, y = (1 - points[2 * i + 1]) / 2 * side;
      pen.moveTo(x, y);
      pen.lineTo(x + dx, y + dy);
      for (const turn of [2.6, -2.6]) {
        pen.moveTo(x + dx, y + dy);
        const [c, s] = [Math.cos(turn), Math.sin(turn)];
        pen.lineTo(x + dx + 0.3 * (c * dx - s * dy), y + dy + 0.3 * (s * dx + c * dy));
      }
    });
    pen.stroke();
  }
}
