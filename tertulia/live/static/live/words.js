// What somebody wrote, in parts: as live/formats/words.py and links.py do it on the page. tests/live/words.json holds both.

const TOKEN = /`[^`\n]+`|https?:\/\/[^\s\ufeff<>"`]+|[\n*_]/giu;
const KINDS = { "*": "strong", _: "em" };
const AFTER = ".,;:!?'*_)]}»”’…،؛؟";
const ALPHABETS = [
  "a-zà-öø-ÿ",
  "а-џ",
  "ά-ρσ-ώ",
  "\u05d0-\u05ea",
  "\u0620-\u064a\u0671-\u06d3",
  "\u0900-\u0963",
  "\u0e01-\u0e4e",
  "\u10d0-\u10f0",
  "\u3041-\u3096\u30a1-\u30fa\u30fc\u4e00-\u9fff",
  "\uac00-\ud7a3",
];
const SHOWN = new RegExp(`^(${ALPHABETS.map((alphabet) => `[0-9.${alphabet}-]+`).join("|")})$`, "u");
const ADDRESS = /^(https?):\/\/([^/?#:@]+)(:[0-9]{1,5})?([/?#].*)?$/iu;
const LABEL = /^[\p{L}\p{N}]([\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?$/u;
const ASCII = /^[\0-\x7f]*$/;
const LABEL_LENGTH = 63;

// The nodes of `text`, to be put into a page.
export function written(text) {
  const begun = [["", []]];
  const add = (one) => begun.at(-1)[1].push(one);
  // What has begun at that place or later has no end, and its sign is a sign.
  const giveUp = (place) => {
    while (begun.length > place) {
      const [sign, inside] = begun.pop();
      begun.at(-1)[1].push(sign, ...inside);
    }
  };
  for (const token of tokens(text)) {
    if (!token.sign) {
      if (token === "\n") giveUp(1);
      add(token);
      continue;
    }
    const place = begun.findIndex(([sign]) => sign === token.sign);
    if (place > 0 && token.ends && (place + 1 < begun.length || begun[place][1].length)) {
      giveUp(place + 1);
      const [sign, inside] = begun.pop();
      add(element(KINDS[sign], inside));
    } else if (place < 0 && token.begins) begun.push([token.sign, []]);
    else add(token.sign);
  }
  giveUp(1);
  const whole = document.createDocumentFragment();
  whole.append(...begun[0][1]);
  whole.normalize();
  return whole;
}

function element(name, inside, attributes = {}) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
}

function* tokens(text) {
  let end = 0;
  TOKEN.lastIndex = 0;
  for (let found; (found = TOKEN.exec(text)); TOKEN.lastIndex = end) {
    if (found.index > end) yield text.slice(end, found.index);
    const [token, length] = tokenOf(found[0], before(text, found.index), after(text, found.index + found[0].length));
    end = found.index + length;
    yield token;
  }
  if (end < text.length) yield text.slice(end);
}

function tokenOf(found, left, right) {
  if (found in KINDS) {
    const begins = !isInWord(left) && right !== "" && right !== found && !isSpace(right);
    return [{ sign: found, begins, ends: left !== "" && !isSpace(left) && !isInWord(right) }, 1];
  }
  if (found[0] === "`") return [element("code", [found.slice(1, -1)]), found.length];
  if (found === "\n" || isInWord(left)) return [found, found.length];
  const address = withoutWhatFollows(found);
  return [linkIn(address) ?? address, address.length];
}

const before = (text, place) => [...text.slice(Math.max(0, place - 2), place)].at(-1) ?? "";
const after = (text, place) => [...text.slice(place, place + 2)][0] ?? "";
const isSpace = (sign) => /^\s$/u.test(sign);
const isInWord = (sign) => /^[\p{L}\p{M}\p{N}]$/u.test(sign);
const count = (text, sign) => text.split(sign).length - 1;

function withoutWhatFollows(found) {
  let address = found;
  const isOwnBracket = () => address.endsWith(")") && count(address, ")") <= count(address, "(");
  while (AFTER.includes(address.at(-1)) && !isOwnBracket()) address = address.slice(0, -1);
  return address;
}

function linkIn(address) {
  const [, scheme, name, port = "", path = ""] = ADDRESS.exec(address) ?? [];
  const host = name?.toLowerCase();
  if (!host || /[\\\p{C}\p{Z}]/u.test(address) || !isName(host)) return null;
  const machine = host.split(".").map(asMachinesWrite).join(".");
  // A path that runs from right to left could change places with such a name.
  const isShown = SHOWN.test(host) && (ASCII.test(host) || ASCII.test(path));
  const lead = (place) => `${scheme.toLowerCase()}://${place}${port}${path}`;
  const told = { href: lead(machine), rel: "nofollow noopener noreferrer ugc", dir: "ltr" };
  return element("a", [lead(isShown ? host : machine)], told);
}

function isName(host) {
  const labels = host.split(".");
  const last = labels.at(-1);
  if (labels.length === 1 || /[ßς]/.test(host) || host.normalize("NFKC") !== host) return false;
  return labels.every((one) => LABEL.test(one) && [...one].length <= LABEL_LENGTH) && /^\p{L}.+$/u.test(last);
}

// RFC 3492, with its names and numbers.
function asMachinesWrite(label) {
  if (ASCII.test(label)) return label;
  const points = Array.from(label, (sign) => sign.codePointAt(0));
  const basic = points.filter((point) => point < 128);
  let out = String.fromCharCode(...basic) + (basic.length ? "-" : "");
  for (let n = 128, delta = 0, bias = 72, done = basic.length; done < points.length; n += 1, delta += 1) {
    const next = Math.min(...points.filter((point) => point >= n));
    delta += (next - n) * (done + 1);
    n = next;
    for (const point of points) {
      if (point < n) delta += 1;
      if (point !== n) continue;
      out += digits(delta, bias);
      bias = adapted(delta, done + 1, done === basic.length);
      delta = 0;
      done += 1;
    }
  }
  return `xn--${out}`;
}

function digits(delta, bias) {
  let out = "";
  let q = delta;
  for (let k = 36; ; k += 36) {
    const t = Math.min(26, Math.max(1, k - bias));
    const digit = q < t ? q : t + ((q - t) % (36 - t));
    out += String.fromCharCode(digit + (digit < 26 ? 97 : 22));
    if (q < t) return out;
    q = Math.floor((q - t) / (36 - t));
  }
}

function adapted(delta, points, isFirst) {
  let rest = Math.floor(delta / (isFirst ? 700 : 2));
  rest += Math.floor(rest / points);
  let k = 0;
  for (; rest > 455; k += 36) rest = Math.floor(rest / 35);
  return k + Math.floor((36 * rest) / (rest + 38));
}
