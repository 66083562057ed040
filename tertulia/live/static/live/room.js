// The room while it is open: one stream down, plain posts up. Without this file the page is read and posted to by hand.

const talk = document.getElementById("talk");
const log = talk.querySelector(".log");
const list = log.querySelector(".msgs");
const state = document.getElementById("state");
const form = document.getElementById("say");
const box = form?.elements.text;
const left = document.getElementById("left");
const blank = document.getElementById("message");
const blankDay = document.getElementById("day");
const RENEW_EVERY = 20 * 60 * 1000;
const LONG_UNSEEN = 60_000;
const LONGEST_WAIT = 30_000;
const PATIENCE = 15_000;
// So many characters before the last one that a message may have, one is told how many are left.
const NEAR = 200;
// So long after the last key it is told to who does not see it.
const STILL = 1000;
// The page itself has changed for this visitor: out, not there, erased.
const PAGE_CHANGED = [403, 404, 410];
// A moderator reads it first.
const HELD = 202;
// Said again, the same message would be refused again.
const REFUSED = [400, 403, 404, 413, 415, 422];

let position = talk.dataset.after;
let stream;
let comingBack;
let failures = 0;
let hiddenAt = 0;
// Turned away while something that was written is still here.
let isOut = false;

const sequenceOf = (text) => Number(text.slice(text.lastIndexOf("-") + 1));
const pause = (tries) => Math.min(LONGEST_WAIT, 500 * 2 ** tries) * (0.5 + Math.random());

function say(kind) {
  // The same words again would be read out again.
  if (state.textContent !== state.dataset[kind]) state.textContent = state.dataset[kind];
  state.classList.toggle("soft", kind === "away");
  state.classList.toggle("bad", ["refused", "long", "out"].includes(kind));
}

function listen() {
  clearTimeout(comingBack);
  stream?.close();
  if (isOut) return;
  stream = new EventSource(`${talk.dataset.stream}?after=${position}`);
  stream.addEventListener("message", (event) => {
    if (sequenceOf(event.lastEventId) <= sequenceOf(position)) return;
    position = event.lastEventId;
    hear(JSON.parse(event.data), sequenceOf(position));
  });
  // A moderator has changed what one may do here.
  stream.addEventListener("ticket", renew);
  stream.addEventListener("present", () => {
    failures = 0;
    say("connected");
    send();
  });
  stream.addEventListener("reset", () => comeBack(startAnew));
  stream.addEventListener("error", () => {
    say("away");
    // The browser comes back by itself unless it was turned away: then the ticket has run out.
    if (stream.readyState === EventSource.CLOSED) comeBack(returnWithTicket);
  });
}

function isConnected() {
  return stream.readyState === EventSource.OPEN;
}

function comeBack(way) {
  stream.close();
  clearTimeout(comingBack);
  comingBack = setTimeout(way, pause(failures));
  failures += 1;
}

async function returnWithTicket() {
  await renew();
  listen();
}

// Whether there is a new ticket.
async function renew() {
  const answer = await ask(talk.dataset.ticket);
  if (PAGE_CHANGED.includes(answer?.status)) turnedAway(answer.status);
  if (answer?.ok && isOut) {
    isOut = false;
    listen();
  }
  return answer?.ok ?? false;
}

// The door would take the place of what was written.
function turnedAway(status) {
  takeBack();
  isOut = status === 403 && Boolean(box?.value.trim());
  if (!isOut) return location.reload();
  stream?.close();
  clearTimeout(comingBack);
  say("out");
}

// Whatever waits is in the box again, before what has been written meanwhile.
function takeBack() {
  const waiting = unsent.filter((one) => !one.sequence);
  if (!waiting.length) return;
  unsent = unsent.filter((one) => one.sequence);
  for (const one of waiting) one.item.remove();
  fill([...waiting.map((one) => one.text), box.value].filter(Boolean).join(" "));
}

// The stream cannot go on from here. What is said is fetched anew; what waits to be sent is kept.
async function startAnew() {
  const answer = await ask(location.href);
  if (!answer?.ok && !PAGE_CHANGED.includes(answer?.status)) return comeBack(startAnew);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("talk");
  if (!page?.dataset.stream) return turnedAway(answer.status);
  position = page.dataset.after;
  unsent = unsent.filter((waiting) => !waiting.sequence);
  // Not all of it is news: it is not read out.
  log.ariaBusy = "true";
  list.replaceChildren(...page.querySelector(".msgs").children, ...unsent.map((waiting) => waiting.item));
  tell();
  listen();
}

async function ask(address) {
  try {
    return await fetch(address, { signal: AbortSignal.timeout(PATIENCE) });
  } catch {
    return null;
  }
}

function bubble(message) {
  const item = blank.content.firstElementChild.cloneNode(true);
  item.classList.toggle("mine", message.author === talk.dataset.author);
  item.querySelector(".avatar").src = talk.dataset.avatar.replace("AUTHOR", message.author);
  item.querySelector("bdi").textContent = message.name;
  item.querySelector(".said").textContent = message.text;
  item.querySelector("time").dateTime = message.at;
  item.querySelector("time").textContent = clock(message.at);
  return item;
}

const { lang } = document.documentElement;
const hours = clockFace(lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
// As the server writes them: English as in most of the world, with the day before the month.
const days = clockFace(lang === "en" ? "en-GB" : lang, { dateStyle: "full" });
// Swedish dates are those of ISO 8601.
const dates = clockFace("sv", {});

// A device that is older than the name of the chosen zone shows its own time.
function clockFace(language, options) {
  const face = { numberingSystem: "latn", ...options };
  try {
    return new Intl.DateTimeFormat(language, { ...face, timeZone: talk.dataset.zone });
  } catch {
    return new Intl.DateTimeFormat(language, face);
  }
}

function clock(moment) {
  return hours.format(new Date(moment));
}

// A message that is the first of its day has that day above it; one that waits has none yet.
function partDays(item) {
  const moment = new Date(item.querySelector("time").dateTime);
  item.dataset.day = dates.format(moment);
  let day = item.previousElementSibling?.matches(".day") ? item.previousElementSibling : null;
  let before = (day ?? item).previousElementSibling;
  // What was taken out has no day of its own.
  while (before?.matches(".removed")) before = before.previousElementSibling;
  if (before?.dataset.day === item.dataset.day) return day?.remove();
  if (!day) item.before((day = blankDay.content.firstElementChild.cloneNode(true)));
  const words = days.format(moment);
  day.firstElementChild.dateTime = item.dataset.day;
  day.firstElementChild.textContent = words[0].toUpperCase() + words.slice(1);
}

// What the page brought, on the visitor's clock and with the latest in sight.
function tell() {
  for (const time of log.querySelectorAll("time[data-clock]")) time.textContent = clock(time.dateTime);
  for (const item of list.querySelectorAll(".msg:not(.waiting, .removed)")) partDays(item);
  log.scrollTop = 0;
  log.ariaBusy = null;
}

// What becomes of earlier messages changes them where they stand, if they are on this page.
function hear(entry, sequence) {
  if (entry.kind === "said") return show(entry, sequence);
  const item = list.querySelector(`[data-sequence="${entry.of}"]`);
  if (entry.kind === "gone") append(removed(entry.by, sequence));
  else if (item && entry.kind === "removed") item.replaceWith(removed(entry.by, entry.of));
  else if (item && entry.text) item.querySelector(".said").textContent = entry.text;
  settle();
}

function removed(by, sequence) {
  const item = document.createElement("li");
  item.className = "msg removed";
  item.dataset.sequence = sequence;
  item.append(document.createElement("p"));
  item.firstChild.textContent = by === "author" ? talk.dataset.goneAuthor : talk.dataset.goneModerator;
  return item;
}

function append(item) {
  list.insertBefore(item, list.querySelector(".waiting"));
}

function show(message, sequence) {
  // The log is turned over: 0 is its end, and what is earlier lies below that.
  const atEnd = log.scrollTop > -80;
  log.querySelector(".none")?.remove();
  const item = bubble(message);
  item.dataset.sequence = sequence;
  for (const link of item.querySelectorAll(".moderate a")) link.href = link.href.replace("/0/", `/${sequence}/`);
  append(item);
  partDays(item);
  settle();
  if (atEnd) log.scrollTop = 0;
}

let unsent = [];
let sending = false;
let tries = 0;
let later;

// What has been heard needs not wait any more.
function settle() {
  const isHeard = (waiting) => waiting.sequence && waiting.sequence <= sequenceOf(position);
  for (const waiting of unsent.filter(isHeard)) waiting.item.remove();
  unsent = unsent.filter((waiting) => !isHeard(waiting));
}

function take(event) {
  event.preventDefault();
  const text = box.value.trim();
  box.focus();
  if (room(text) < 0) return isOut || say("long");
  fill("");
  if (!text) return;
  const message = { author: talk.dataset.author, name: talk.dataset.name, text, at: new Date().toISOString() };
  const waiting = { id: form.elements.client_id.value, text, item: bubble(message) };
  form.elements.client_id.value = newId();
  waiting.item.classList.add("waiting");
  // It is read out when it has been said.
  waiting.item.ariaLive = "off";
  log.querySelector(".none")?.remove();
  list.append(waiting.item);
  log.scrollTop = 0;
  unsent.push(waiting);
  send();
}

// How many characters still go into a message, counted as the relay does.
function room(text) {
  return left.dataset.most - [...text.trim()].length;
}

function fill(text) {
  box.value = text;
  count();
}

let counted;

function count() {
  const rest = room(box.value);
  const kind = rest < 0 ? "over" : "left";
  left.hidden = rest > NEAR;
  // What is read out comes once one has stopped typing, and stands beside it.
  left.ariaHidden = "true";
  left.textContent = left.hidden ? "" : left.dataset[kind].replace("{}", Math.abs(rest));
  left.classList.toggle("bad", rest < 0);
  box.ariaInvalid = rest < 0 ? "true" : null;
  if (rest >= 0 && state.textContent === state.dataset.long) say(isConnected() ? "connected" : "away");
  clearTimeout(counted);
  counted = setTimeout(() => (left.nextElementSibling.textContent = left.textContent), STILL);
}

function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// One at a time and in order; a second try carries the same id, so that nothing is said twice.
async function send() {
  if (sending) return;
  clearTimeout(later);
  sending = true;
  let wait = 0;
  for (let next; !wait && (next = unsent.find((one) => !one.sequence)); ) wait = await deliver(next);
  sending = false;
  if (wait) later = setTimeout(send, wait);
}

// Milliseconds until the next try, or 0 when this message is done with.
async function deliver(waiting) {
  const answer = await post(waiting);
  if (answer.sequence) {
    tries = 0;
    waiting.sequence = answer.sequence;
    settle();
    return 0;
  }
  if (answer.status === HELD) {
    unsent = unsent.filter((one) => one !== waiting);
    waiting.item.remove();
    say("held");
    return 0;
  }
  if (REFUSED.includes(answer.status)) {
    giveBack(waiting);
    return 0;
  }
  if (answer.status === 401) await renew();
  if (isOut) return 0;
  tries += 1;
  return Math.max(answer.wait || 0, pause(Math.min(tries, 4)));
}

async function post(waiting) {
  try {
    const answer = await fetch(talk.dataset.stream, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ id: waiting.id, text: waiting.text }),
      signal: AbortSignal.timeout(PATIENCE),
    });
    const said = answer.ok ? await answer.json() : {};
    return { status: answer.status, sequence: said.sequence, wait: answer.headers.get("Retry-After") * 1000 };
  } catch {
    return {};
  }
}

function giveBack(waiting) {
  if (!unsent.includes(waiting)) return;
  unsent.splice(unsent.indexOf(waiting), 1);
  waiting.item.remove();
  say("refused");
  // Before what has been written meanwhile: nothing that somebody wrote is lost.
  fill([waiting.text, box.value].filter(Boolean).join(" "));
}

tell();
form?.addEventListener("submit", take);
box?.addEventListener("input", count);
// In some browsers Enter, which takes a word from a list of characters, would send the form as well.
box?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.preventDefault();
});
// Before the ticket runs out, so that the stream is not cut.
setInterval(async () => (await renew()) && listen(), RENEW_EVERY);
addEventListener("offline", () => isOut || say("away"));
addEventListener("online", listen);
// A line that died while nobody looked does not say so.
document.addEventListener("visibilitychange", () => {
  if (document.hidden) hiddenAt = Date.now();
  else if (Date.now() - hiddenAt > LONG_UNSEEN) listen();
});
listen();
