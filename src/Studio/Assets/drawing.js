// A canvas to draw on, pixel by pixel: what is drawn has the palette's colours and no others.
import { byId, element } from '/assets/explorer.js';

const mostUndone = 30;

/**
 * @param {HTMLCanvasElement} canvas Of the network's size; CSS makes it larger.
 * @param {() => void} changed Is called after each change.
 * @param {boolean} isOpen Whether the pointer and the keyboard draw on it; else pictures are only put there.
 */
export class Drawing {
  #context; #before = []; #color = '#000000'; #isFill = false; #size = 3; #last = null; #cursor;

  constructor(canvas, changed, isOpen = true) {
    this.canvas = canvas;
    this.changed = changed;
    this.#context = canvas.getContext('2d', { willReadFrequently: true });
    this.#cursor = { x: canvas.width >> 1, y: canvas.height >> 1 };
    if (!isOpen) return;
    canvas.addEventListener('pointerdown', event => {
      canvas.setPointerCapture(event.pointerId);
      this.#keep();
      this.#last = this.#at(event);
      this.#touch(this.#last);
    });
    canvas.addEventListener('pointermove', event => {
      if (this.#last === null || this.#isFill) return;
      for (const moved of event.getCoalescedEvents?.() ?? [event]) {
        const to = this.#at(moved);
        this.#line(this.#last, to);
        this.#last = to;
      }
      this.changed();
    });
    for (const end of ['pointerup', 'pointercancel']) canvas.addEventListener(end, () => { this.#last = null; });
    canvas.addEventListener('keydown', event => this.#key(event));
  }

  set color(color) { this.#color = color; }
  set isFill(isFill) { this.#isFill = isFill; }
  set size(size) { this.#size = size; }

  /** Red, green, blue and alpha of each pixel. */
  get pixels() { return this.#context.getImageData(0, 0, this.canvas.width, this.canvas.height).data; }

  clear(color) {
    this.#keep();
    this.#context.fillStyle = color;
    this.#context.fillRect(0, 0, this.canvas.width, this.canvas.height);
    this.changed();
  }

  undo() {
    if (this.#before.length === 0) return;
    this.#context.putImageData(this.#before.pop(), 0, 0);
    this.changed();
  }

  /** Puts a picture onto it, its shorter side as large as it goes. */
  put(image) {
    this.#keep();
    const { width, height } = this.canvas, scale = Math.max(width / image.width, height / image.height);
    this.#context.imageSmoothingEnabled = scale < 1;
    this.#context.imageSmoothingQuality = 'high';
    this.#context.drawImage(image, (width - scale * image.width) / 2, (height - scale * image.height) / 2, scale * image.width,
      scale * image.height);
    this.changed();
  }

  #keep() {
    this.#before.push(this.#context.getImageData(0, 0, this.canvas.width, this.canvas.height));
    if (this.#before.length > mostUndone) this.#before.shift();
  }

  #at(event) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return {
      x: Math.floor((event.clientX - left) / width * this.canvas.width),
      y: Math.floor((event.clientY - top) / height * this.canvas.height),
    };
  }

  #touch(place) {
    if (this.#isFill) this.#fill(place);
    else this.#dot(place);
    this.changed();
  }

  #dot({ x, y }) {
    const radius = this.#size / 2, first = -Math.floor((this.#size - 1) / 2), middle = this.#size % 2 === 0 ? 0.5 : 0;
    this.#context.fillStyle = this.#color;
    for (let i = first; i < first + this.#size; i++)
      for (let j = first; j < first + this.#size; j++)
        if (Math.hypot(i - middle, j - middle) <= radius) this.#context.fillRect(x + i, y + j, 1, 1);
  }

  #line(from, to) {
    const steps = Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y), 1);
    for (let i = 1; i <= steps; i++)
      this.#dot({ x: Math.round(from.x + (to.x - from.x) * i / steps), y: Math.round(from.y + (to.y - from.y) * i / steps) });
  }

  /** All pixels of one colour that hang together. */
  #fill({ x, y }) {
    const { width, height } = this.canvas, image = this.#context.getImageData(0, 0, width, height);
    if (x < 0 || y < 0 || x >= width || y >= height) return;
    const values = new Uint32Array(image.data.buffer), before = values[y * width + x];
    const [r, g, b] = [1, 3, 5].map(at => parseInt(this.#color.slice(at, at + 2), 16));
    const after = new Uint32Array(new Uint8Array([r, g, b, 255]).buffer)[0];
    if (before === after) return;
    for (const open = [[x, y]]; open.length > 0;) {
      const [i, j] = open.pop();
      if (i < 0 || j < 0 || i >= width || j >= height || values[j * width + i] !== before) continue;
      values[j * width + i] = after;
      open.push([i + 1, j], [i - 1, j], [i, j + 1], [i, j - 1]);
    }
    this.#context.putImageData(image, 0, 0);
  }

  #key(event) {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!move && event.key !== ' ') return;
    event.preventDefault();
    if (move) {
      this.#cursor.x = Math.max(0, Math.min(this.canvas.width - 1, this.#cursor.x + move[0]));
      this.#cursor.y = Math.max(0, Math.min(this.canvas.height - 1, this.#cursor.y + move[1]));
      this.canvas.setAttribute('aria-description', `${this.#cursor.x}, ${this.#cursor.y}`);
    } else {
      this.#keep();
      this.#touch(this.#cursor);
    }
  }
}

/** The page's tools of a drawing. */
export function drawingTools(drawing, palette) {
  const buttons = palette.map(({ name, color }) => {
    const button = element('button', '', { type: 'button', title: name });
    button.style.background = color;
    button.setAttribute('aria-label', name);
    button.addEventListener('click', () => choose(button, color));
    return button;
  });
  const choose = (chosen, color) => {
    drawing.color = color;
    for (const button of buttons) button.setAttribute('aria-pressed', String(button === chosen));
  };
  byId('palette').append(...buttons);
  choose(buttons[Math.min(1, buttons.length - 1)], palette[Math.min(1, palette.length - 1)].color);
  byId('tool').addEventListener('change', event => { drawing.isFill = event.target.value === 'fill'; });
  byId('brush').addEventListener('input', event => { drawing.size = Number(event.target.value); });
  byId('undo').addEventListener('click', () => drawing.undo());
  byId('clear').addEventListener('click', () => drawing.clear(palette[0].color));
  drawing.size = Number(byId('brush').value);
}

/** Puts the picture of a file onto a drawing when one is chosen. */
export function openFiles(drawing, failed) {
  byId('file').addEventListener('change', async event => {
    const [file] = event.target.files;
    if (!file) return;
    try {
      drawing.put(await createImageBitmap(file));
    } catch (error) {
      failed(error);
    }
    // The same file can be chosen again.
    event.target.value = '';
  });
}

/** The picture of an address, to be put onto a drawing. */
export async function load(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(await answer.text());
  return createImageBitmap(await answer.blob());
}
