// Latents with the bits of GanPipeline's: Philox 4x32-10 (Salmon et al. 2011) with the seed as key, then Box-Muller in float32. Whatever
// is rounded there to float32 is rounded here by Math.fround, which is exact: a double holds the sum, product, quotient or root of two
// floats with more than twice their digits.
const round = Math.fround;
const float = new Float32Array(1), word = new Int32Array(float.buffer);

// The upper 32 bits of a product of two 32-bit words, by halves.
function high(a, b) {
  const a0 = a & 0xffff, a1 = a >>> 16, b0 = b & 0xffff, b1 = b >>> 16;
  const middle = a1 * b0 + (a0 * b0 >>> 16);
  return (a1 * b1 + (middle >>> 16) + (a0 * b1 + (middle & 0xffff) >>> 16)) >>> 0;
}

function philox(k0, k1, c0, c1, c2, c3) {
  for (let i = 0; i < 10; i++) {
    const h0 = high(c0, 0xD2511F53), l0 = Math.imul(c0, 0xD2511F53), h1 = high(c2, 0xCD9E8D57), l1 = Math.imul(c2, 0xCD9E8D57);
    [c0, c1, c2, c3] = [h1 ^ c1 ^ k0, l1, h0 ^ c3 ^ k1, l0];
    k0 = k0 + 0x9E3779B9 | 0;
    k1 = k1 + 0xBB67AE85 | 0;
  }
  return [c0 >>> 0, c1 >>> 0, c2 >>> 0, c3 >>> 0];
}

// A polynomial of t, its coefficients from the highest power down: each step is rounded twice, and never fused.
const series = (t, ...terms) => terms.reduce((sum, term) => round(round(sum * t) + round(term)));

function log(x) {
  float[0] = x;
  const exponent = word[0] - 0x3F3504F3 >> 23;
  word[0] -= exponent << 23;
  const m = float[0], s = round(round(m - 1) / round(m + 1)), t = round(s * s);
  const sum = series(t, round(1 / 9), 1 / 7, 1 / 5, 1 / 3, 1);
  return round(round(exponent * round(0.69314718)) + round(round(s + s) * sum));
}

// Two normals of two words.
function boxMuller(radius, angle) {
  const u = round(round(round(radius >>> 1) + 0.5) * 2 ** -31);
  const length = round(Math.sqrt(round(-2 * log(u))));
  const quarter = (angle + 0x20000000 >>> 0) >>> 30;
  const x = round(round(angle - (quarter << 30) | 0) * round(1.46291808e-9)), t = round(x * x);
  const small = series(t, round(1 / 362880), -1 / 5040, 1 / 120, -1 / 6);
  const sin = round(x + round(x * round(t * small)));
  const cos = series(t, round(-1 / 3628800), 1 / 40320, -1 / 720, 1 / 24, -0.5, 1);
  const [sine, cosine] = quarter & 1 ? [cos, sin] : [sin, cos];
  return [round(length * (quarter + 1 & 2 ? -cosine : cosine)), round(length * (quarter & 2 ? -sine : sine))];
}

// One latent. Seed and index are BigInts: any 64-bit integer, and one from 0 on.
export function normal(seed, index, size, attempt = 0) {
  const lower = value => Number(BigInt.asIntN(32, value)), upper = value => lower(value >> 32n);
  const latent = new Float32Array(size);
  for (let i = 0; i < size; i += 4) {
    const words = philox(lower(seed), upper(seed), i / 4, lower(index), upper(index), attempt);
    const values = [...boxMuller(words[0], words[1]), ...boxMuller(words[2], words[3])];
    latent.set(values.slice(0, size - i), i);
  }
  return latent;
}

// The same without values farther from 0 than a threshold: those are drawn again until they are not. Null is no threshold.
export function truncated(seed, index, size, threshold) {
  const latent = normal(seed, index, size);
  if (threshold === null) return latent;
  const limit = round(threshold), isBeyond = value => Math.abs(value) > limit;
  for (let attempt = 1; latent.some(isBeyond); attempt++) {
    const again = normal(seed, index, size, attempt);
    latent.forEach((value, i) => { if (isBeyond(value)) latent[i] = again[i]; });
  }
  return latent;
}

// A point of the great circle between two latents (White 2016); those in one line have none, and get the straight line.
export function between(from, to, t) {
  if (t === 0) return from;
  let product = 0, fromSquares = 0, toSquares = 0;
  from.forEach((value, i) => {
    product += value * to[i];
    fromSquares += value * value;
    toSquares += to[i] * to[i];
  });
  const lengths = Math.sqrt(fromSquares * toSquares);
  const angle = lengths > 0 ? Math.acos(Math.max(-1, Math.min(1, product / lengths))) : 0, sine = Math.sin(angle);
  const [first, second] = sine < 1e-6 ? [1 - t, t] : [Math.sin((1 - t) * angle) / sine, Math.sin(t * angle) / sine];
  return from.map((value, i) => first * value + second * to[i]);
}
