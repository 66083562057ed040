// The room while it is open: one stream down, plain posts up. Without this file the page is read and posted to by hand.

const talk = document.getElementById("talk");
const log = talk.querySelector(".msgs");
const state = document.getElementById("state");
const form = document.getElementById("say");
const blank = document.getElementById("message");
const RENEW_EVERY = 20 * 60 * 1000;
const LONGEST_WAIT = 30_000;

let position = talk.dataset.after;
let stream;
let failures = 0;
const unsent = [];

const sequenceOf = (text) => Number(text.slice(text.lastIndexOf("-") + 1));
const pause = () => Math.min(LONGEST_WAIT, 500 * 2 ** failures) * (0.5 + Math.random());

function say(text, kind) {
  state.textContent = text;
  state.classList.toggle("soft", kind === "away");
  state.classList.toggle("bad", kind === "refused");
}

function listen() {
  stream?.close();
  stream = new EventSource(`${talk.dataset.stream}?after=${position}`);
  stream.addEventListener("message", (event) => {
    if (sequenceOf(event.lastEventId) <= sequenceOf(position)) return;
    position = event.lastEventId;
    show(JSON.parse(event.data), sequenceOf(position));
  });
  stream.addEventListener("present", () => {
    failures = 0;
    say(state.dataset.connected, "connected");
  });
  stream.addEventListener("reset", () => location.reload());
  stream.addEventListener("error", () => {
    say(state.dataset.away, "away");
    // The browser comes back by itself unless it was turned away: then the ticket has run out.
    if (stream.readyState === EventSource.CLOSED) setTimeout(returnWithTicket, pause(), (failures += 1));
  });
}

async function returnWithTicket() {
  await renew();
  listen();
}

async function renew() {
  try {
    const answer = await fetch(talk.dataset.ticket, { credentials: "same-origin" });
    if (answer.status === 403 || answer.status === 404) location.reload();
  } catch {
    // The line is down; the stream tries again.
  }
}

function bubble(message) {
  const item = blank.content.firstElementChild.cloneNode(true);
  item.classList.toggle("mine", message.author === talk.dataset.author);
  item.querySelector(".avatar").src = talk.dataset.avatar.replace("AUTHOR", message.author);
  item.querySelector("bdi").textContent = message.name;
  item.querySelector(".said").textContent = message.text;
  const time = item.querySelector("time");
  time.dateTime = message.at;
  time.textContent = clock(message.at);
  return item;
}

const hours = new Intl.DateTimeFormat(document.documentElement.lang, {
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
  numberingSystem: "latn",
  timeZone: talk.dataset.zone,
});

function clock(moment) {
  return hours.format(new Date(moment));
}

function show(message, sequence) {
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  log.querySelector(".none")?.remove();
  const item = bubble(message);
  item.dataset.sequence = sequence;
  log.insertBefore(item, log.querySelector(".waiting"));
  settle();
  if (atEnd) log.scrollTop = log.scrollHeight;
}

function settle() {
  for (const waiting of unsent.filter((one) => one.sequence && one.sequence <= sequenceOf(position))) {
    waiting.item.remove();
    unsent.splice(unsent.indexOf(waiting), 1);
  }
}

function take(event) {
  event.preventDefault();
  const text = form.elements.text.value.trim();
  if (!text) return;
  const message = { author: talk.dataset.author, name: "", text, at: new Date().toISOString() };
  const waiting = { id: form.elements.client_id.value, text, item: bubble(message) };
  waiting.item.classList.add("waiting");
  log.append(waiting.item);
  log.scrollTop = log.scrollHeight;
  form.elements.text.value = "";
  form.elements.client_id.value = newId();
  unsent.push(waiting);
  if (unsent.filter((one) => !one.sequence).length === 1) send();
}

function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// One at a time and in order; a second try carries the same id, so that nothing is said twice.
async function send() {
  const waiting = unsent.find((one) => !one.sequence);
  if (!waiting) return;
  const answer = await post(waiting);
  if (answer?.ok) {
    waiting.sequence = (await answer.json()).sequence;
    settle();
    send();
  } else if (answer && [400, 403, 404, 413, 415, 422].includes(answer.status)) {
    giveBack(waiting);
    send();
  } else {
    if (answer?.status === 401) await renew();
    setTimeout(send, Number(answer?.headers.get("Retry-After")) * 1000 || pause());
  }
}

async function post(waiting) {
  try {
    return await fetch(talk.dataset.stream, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ id: waiting.id, text: waiting.text }),
    });
  } catch {
    return null;
  }
}

function giveBack(waiting) {
  unsent.splice(unsent.indexOf(waiting), 1);
  waiting.item.remove();
  say(state.dataset.refused, "refused");
  if (!form.elements.text.value) form.elements.text.value = waiting.text;
}

for (const time of log.querySelectorAll("time[data-clock]")) time.textContent = clock(time.dateTime);
log.scrollTop = log.scrollHeight;
form?.addEventListener("submit", take);
if (talk.dataset.stream) {
  setInterval(renew, RENEW_EVERY);
  listen();
}
