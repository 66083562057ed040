// The piece of work that a device does while very many come in: the form is sent by itself when it is done.
// Without this script one waits half a minute and presses the button.

const primes = [];
for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime)) primes.push(n);
const fraction = (root) => ((root % 1) * 2 ** 32) | 0;
const K = Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime)));
const START = Int32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
const W = new Int32Array(64);
const LENGTH = 320; // bits of what is hashed: the seed, the place and the counter
const SLICE = 40; // milliseconds between two looks at the page

/** The first 32 bits of SHA-256 of the one block in W. */
function first() {
  for (let i = 16; i < 64; i++) {
    const x = W[i - 15], y = W[i - 2];
    const low = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const high = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    W[i] = (W[i - 16] + low + W[i - 7] + high) | 0;
  }
  let a = START[0], b = START[1], c = START[2], d = START[3], e = START[4], f = START[5], g = START[6], h = START[7];
  for (let i = 0; i < 64; i++) {
    const high = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const one = (h + high + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
    const low = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const two = (low + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + one) | 0;
    d = c; c = b; b = a; a = (one + two) | 0;
  }
  return (a + START[0]) >>> 0;
}

/** The first counter from `counter` on that is a hit, or the one to go on with at the end of a slice. */
function search(counter, limit, until) {
  for (; ; counter++) {
    W[9] = counter;
    if (first() < limit) return [counter, true];
    if ((counter & 255) === 255 && performance.now() > until) return [counter + 1, false];
  }
}

/** Counters for each place, one after the other; `tell` hears how much is done, from 0 to 1. */
export async function work(seed, pieces, bits, tell) {
  const limit = 2 ** (32 - bits), counters = [];
  let counter = 0;
  while (counters.length < pieces) {
    const until = performance.now() + SLICE;
    while (counters.length < pieces && performance.now() < until) {
      W.fill(0);
      for (let i = 0; i < 8; i++) W[i] = Number.parseInt(seed.slice(8 * i, 8 * i + 8), 16);
      W[8] = counters.length;
      W[10] = 0x80000000;
      W[15] = LENGTH;
      const [reached, isHit] = search(counter, limit, until);
      counter = isHit ? 0 : reached;
      if (isHit) counters.push(reached);
    }
    tell(counters.length / pieces);
    await new Promise((next) => setTimeout(next));
  }
  return counters.join(".");
}

for (const asked of document.querySelectorAll("[data-seed]")) {
  const bar = asked.querySelector("progress");
  asked.querySelector("[data-working]").hidden = false;
  const done = await work(asked.dataset.seed, +asked.dataset.pieces, +asked.dataset.bits, (share) => (bar.value = share));
  const form = asked.closest("form");
  form.elements.done.value = done;
  (form.requestSubmit ?? form.submit).call(form);
}
