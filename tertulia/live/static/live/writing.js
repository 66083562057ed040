// The box: what is written there waits until the room has it, in order and once; an answer and an edit are told beside it.

import { counted } from "./clock.js";
import { pause, sequenceOf } from "./line.js";
import { say, says } from "./state.js";
import { bubble, list, log, talk, toEnd, wordsOf } from "./talk.js";

const PATIENCE = 15_000;
// So many characters before the last one that a message may have, one is told how many are left.
const NEAR = 200;
// So long after the last key it is told to who does not see it.
const STILL = 1000;
// Said again, the same would be refused again.
const REFUSED = [400, 403, 404, 413, 415, 422];
// One may only read, or nobody may write.
const SILENT = ["muted", "closed", "silent"];
// These are told how long they have to wait, and send it themselves.
const WAITS = ["slow", "newcomer"];

const form = document.getElementById("say");
const box = form?.elements.text;
const left = document.getElementById("left");
const wait = document.getElementById("wait");
const about = document.getElementById("about");
let line;
let unsent = [];
let sending = false;
let tries = 0;
let later;
let counting;
let mayWriteAt = 0;
// What is being answered or edited, and what stood in the box before.
let topic = null;
let before = "";

const isMessage = (waiting) => waiting.item && !waiting.sequence;
export const unsentItems = () => unsent.flatMap((waiting) => waiting.item ?? []);
export const hasText = () => Boolean(box?.value.trim());

// What has been heard needs not wait any more.
export function settle() {
  const isHeard = (waiting) => waiting.sequence && waiting.sequence <= sequenceOf(line.position);
  for (const waiting of unsent.filter(isHeard)) waiting.item?.remove();
  unsent = unsent.filter((waiting) => !isHeard(waiting));
}

// The page was fetched anew: it holds whatever the room had.
export function startAnew() {
  unsent = unsent.filter((waiting) => !waiting.sequence);
}

// Whatever waits is in the box again, before what has been written meanwhile.
export function takeBack() {
  const waiting = unsent.filter(isMessage);
  if (!waiting.length) return;
  unsent = unsent.filter((one) => !isMessage(one));
  for (const one of waiting) one.item.remove();
  fill([...waiting.map((one) => one.sent.text), box.value].filter(Boolean).join(" "));
}

function take(event) {
  event.preventDefault();
  const text = box.value.trim();
  box.focus();
  if (room(text) < 0) return line.isOut || say("long");
  if (!text || mayWriteAt > Date.now()) return;
  const sent = { id: form.elements.client_id.value, text };
  if (topic) sent[topic.kind] = topic.sequence;
  form.elements.client_id.value = newId();
  const item = sent.edit ? null : lay(sent);
  const was = topic;
  fill("");
  cancel();
  enqueue({ sent, item, topic: was });
}

function enqueue(waiting) {
  unsent.push(waiting);
  send();
}

function lay({ text, reply }) {
  const { author, name } = talk.dataset;
  const item = bubble({ author, name, text, reply, at: new Date().toISOString() });
  item.classList.add("waiting");
  // It is read out when it has been said.
  item.ariaLive = "off";
  log.querySelector(".none")?.remove();
  list.append(item);
  toEnd();
  return item;
}

// What is done with a message from its menu.
export function reply(item) {
  begin("reply", item);
}

export function edit(item) {
  before = box.value;
  begin("edit", item);
  fill(item.dataset.text);
}

export function remove(item) {
  enqueue({ sent: { id: newId(), remove: Number(item.dataset.sequence) }, item: null, topic: null });
}

function begin(kind, item) {
  topic = { kind, sequence: Number(item.dataset.sequence), words: wordsOf(item) };
  tellTopic();
  box.focus();
}

function tellTopic() {
  about.hidden = !topic;
  const [what, words] = about.firstElementChild.children;
  what.textContent = topic ? about.dataset[topic.kind] : "";
  words.textContent = topic?.words ?? "";
}

function cancel() {
  if (topic?.kind === "edit") fill(before);
  topic = null;
  before = "";
  tellTopic();
}

// How many characters still go into a message, counted as the relay does.
function room(text) {
  return left.dataset.most - [...text.trim()].length;
}

function fill(text) {
  box.value = text;
  count();
}

let told;

function count() {
  const rest = room(box.value);
  const kind = rest < 0 ? "over" : "left";
  left.hidden = rest > NEAR;
  // What is read out comes once one has stopped typing, and stands beside it.
  left.ariaHidden = "true";
  left.textContent = left.hidden ? "" : left.dataset[kind].replace("{}", Math.abs(rest));
  left.classList.toggle("bad", rest < 0);
  box.ariaInvalid = rest < 0 ? "true" : null;
  if (rest >= 0 && says("long")) say(line.isPresent ? "connected" : "away");
  clearTimeout(told);
  told = setTimeout(() => readOut(left.textContent), STILL);
}

const readOut = (words) => (document.getElementById("left-said").textContent = words);

function countDown(seconds) {
  mayWriteAt = Date.now() + seconds * 1000;
  clearInterval(counting);
  const tick = () => {
    const rest = Math.ceil((mayWriteAt - Date.now()) / 1000);
    wait.hidden = rest <= 0;
    wait.textContent = rest > 0 ? counted(wait.dataset.some, rest) : "";
    if (rest <= 0) clearInterval(counting);
  };
  counting = setInterval(tick, 1000);
  tick();
  readOut(wait.textContent);
}

function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// One at a time and in order; a second try carries the same id, so that nothing is said twice.
export async function send() {
  if (sending) return;
  clearTimeout(later);
  sending = true;
  let pausing = 0;
  for (let next; !pausing && (next = unsent.find((one) => !one.sequence)); ) pausing = await deliver(next);
  sending = false;
  if (pausing) later = setTimeout(send, pausing);
}

// Milliseconds until the next try, or 0 when this one is done with.
async function deliver(waiting) {
  const answer = await post(waiting);
  if (answer.status === 200 || answer.status === 202) {
    tries = 0;
    done(waiting, answer);
    return 0;
  }
  if (REFUSED.includes(answer.status) || WAITS.includes(answer.reason)) {
    giveBack(waiting, answer);
    return 0;
  }
  if (answer.status === 401) await line.renew();
  if (line.isOut) return 0;
  tries += 1;
  return Math.max(answer.wait || 0, pause(Math.min(tries, 4)));
}

async function post({ sent }) {
  try {
    const answer = await fetch(talk.dataset.stream, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(sent),
      signal: AbortSignal.timeout(PATIENCE),
    });
    const { sequence, reason } = await answer.json().catch(() => ({}));
    return { status: answer.status, sequence, reason, wait: answer.headers.get("Retry-After") * 1000 };
  } catch {
    return {};
  }
}

function done(waiting, { sequence }) {
  if (sequence && waiting.item) {
    waiting.sequence = sequence;
    return settle();
  }
  unsent = unsent.filter((one) => one !== waiting);
  waiting.item?.remove();
  if (!sequence) say("held");
}

function fault({ item }, status, reason) {
  if (SILENT.includes(reason)) return "silent";
  if (reason === "hold") return "kept";
  return status === 404 && !item ? "gone" : "refused";
}

function giveBack(waiting, { status, reason, wait: pausing }) {
  if (!unsent.includes(waiting)) return;
  unsent.splice(unsent.indexOf(waiting), 1);
  waiting.item?.remove();
  if (reason === "banned") line.renew();
  if (WAITS.includes(reason)) countDown(pausing / 1000);
  else say(fault(waiting, status, reason));
  if (!waiting.sent.text) return;
  // Before what has been written meanwhile: nothing that somebody wrote is lost.
  if (waiting.topic?.kind === "edit" && status === 404) waiting.topic = null;
  if (!topic && waiting.topic) {
    before = waiting.topic.kind === "edit" ? box.value : "";
    topic = waiting.topic;
    tellTopic();
    if (topic.kind === "edit") return fill(waiting.sent.text);
  }
  fill([waiting.sent.text, box.value].filter(Boolean).join(" "));
}

// How the room is kept from now on.
export function tellRules({ open, slow, hold, newcomers }) {
  talk.toggleAttribute("data-held", hold);
  if (!slow && !newcomers) countDown(0);
  const rules = document.getElementById("rules");
  // A box comes with the page, where there is none yet.
  if (!rules) return open && talk.dataset.author && location.reload();
  const { dataset } = rules;
  const told = [slow && counted(dataset.slow, slow), newcomers && counted(dataset.first, newcomers), hold && dataset.hold];
  rules.textContent = open ? told.filter(Boolean).join(" ") : dataset.closed;
}

export function start(stream) {
  line = stream;
  form?.addEventListener("submit", take);
  about?.querySelector("button").addEventListener("click", () => {
    cancel();
    box.focus();
  });
  box?.addEventListener("input", count);
  box?.addEventListener("keydown", (event) => {
    // In some browsers Enter, which takes a word from a list of characters, would send the form as well.
    if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.preventDefault();
    if (event.key === "Escape" && topic) cancel();
  });
  if (box) count();
}
