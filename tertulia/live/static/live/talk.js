// The log: what was said, with the days between, folded together from what arrives.

import { clock, dateOf, dayInWords } from "./clock.js";
import { written } from "./words.js";

export const talk = document.getElementById("talk");
export const log = talk.querySelector(".log");
export const list = log.querySelector(".msgs");
const QUOTED = 80;

export const blanks = (id) => document.getElementById(id).content;
export const blank = (id) => blanks(id).firstElementChild.cloneNode(true);
export const itemOf = (sequence) => list.querySelector(`.msg[data-sequence="${sequence}"]`);
// The log is turned over: 0 is its end, and what is earlier lies below that.
export const isAtEnd = () => log.scrollTop > -80;
export const toEnd = () => (log.scrollTop = 0);

// Folds an entry onto what stands there; the item of a message that is new.
export function fold(entry, sequence) {
  if (entry.kind === "said") return place(bubble(entry, sequence));
  if (entry.kind === "gone") place(gone(sequence, entry.by));
  if (entry.kind === "removed") removed(entry.of, entry.by);
  if (entry.kind === "edited" && entry.text) edited(entry.of, entry.text);
  return null;
}

export function bubble(message, sequence = 0) {
  const item = blank("message");
  item.classList.toggle("mine", message.author === talk.dataset.author);
  if (message.author === talk.dataset.author) item.dataset.text = message.text;
  const avatar = item.querySelector(".avatar");
  if (avatar) avatar.src = talk.dataset.avatar.replace("AUTHOR", message.author);
  item.querySelector("bdi").textContent = message.name;
  item.querySelector(".said").append(written(message.text));
  item.querySelector(".edited").hidden = !message.edited;
  item.querySelector("time").dateTime = message.at;
  item.querySelector("time").textContent = clock(message.at);
  if (message.reply) item.querySelector(".who").after(quote(message.reply));
  if (sequence) number(item, sequence);
  return item;
}

function number(item, sequence) {
  item.dataset.sequence = sequence;
  item.querySelector("div, p").id = `m${sequence}`;
  for (const link of item.querySelectorAll("a[href*='/0/']")) link.href = link.href.replace("/0/", `/${sequence}/`);
}

function quote(sequence) {
  const line = blank("quote");
  const item = itemOf(sequence);
  line.dataset.reply = sequence;
  const around = new URLSearchParams(location.search);
  around.set("around", sequence);
  line.querySelector("a").href = item ? `#m${sequence}` : `?${around}#m${sequence}`;
  if (item) fillQuote(line, item.querySelector("bdi")?.textContent, wordsOf(item));
  return line;
}

export function wordsOf(item) {
  const words = [...(item.querySelector(".said") ?? item).textContent.trim()];
  return words.length > QUOTED ? `${words.slice(0, QUOTED - 1).join("")}…` : words.join("");
}

function fillQuote(line, name, words) {
  line.querySelector("bdi").textContent = name ?? "";
  line.querySelector(".gist").textContent = words;
}

function requote(sequence, item) {
  for (const line of list.querySelectorAll(`.quote[data-reply="${sequence}"]`)) {
    fillQuote(line, item.querySelector("bdi")?.textContent, wordsOf(item));
  }
}

function place(item) {
  log.querySelector(".none")?.remove();
  list.insertBefore(item, list.querySelector(".waiting"));
  partDays(item);
  return item;
}

function gone(sequence, by) {
  const item = blank(by === "author" ? "by-author" : "by-moderator");
  number(item, sequence);
  return item;
}

function edited(sequence, text) {
  const item = itemOf(sequence);
  if (!item?.querySelector(".said")) return;
  if (item.classList.contains("mine")) item.dataset.text = text;
  item.querySelector(".said").replaceChildren(written(text));
  item.querySelector(".edited").hidden = false;
  requote(sequence, item);
}

function removed(sequence, by) {
  const item = itemOf(sequence);
  if (!item) return;
  const left = gone(sequence, by);
  left.dataset.day = item.dataset.day;
  if (item.contains(document.activeElement)) log.focus();
  item.replaceWith(left);
  requote(sequence, left);
}

// A message that is the first of its day has that day above it; one that waits has none yet.
function partDays(item) {
  let day;
  let before = item.previousElementSibling;
  for (; before && !before.matches(".msg"); before = before.previousElementSibling) {
    if (before.matches(".day:not(.new)")) day = before;
  }
  const moment = item.querySelector("time")?.dateTime;
  item.dataset.day = moment ? dateOf(moment) : (before?.dataset.day ?? "");
  if (!moment) return;
  if (before?.dataset.day === item.dataset.day) return day?.remove();
  if (!day) item.before((day = blank("day")));
  day.firstElementChild.dateTime = item.dataset.day;
  day.firstElementChild.textContent = dayInWords(moment);
}

// What the page brought, on the visitor's clock.
export function tell() {
  for (const time of log.querySelectorAll("time[data-clock]")) time.textContent = clock(time.dateTime);
  for (const item of list.querySelectorAll(".msg:not(.waiting)")) partDays(item);
}

// Not all of it is news: it is not read out.
export function quietly(change) {
  log.ariaBusy = "true";
  change();
  tell();
  log.ariaBusy = null;
}
