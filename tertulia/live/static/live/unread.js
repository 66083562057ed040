// What came while nobody looked: a line above it, a way to the present, and what is read out of it.

import { counted } from "./clock.js";
import { blank, isAtEnd, list, log, talk, toEnd } from "./talk.js";

// More than so many within so many milliseconds are not read out one by one.
const MANY = 5;
const WITHIN = 10_000;

const ahead = document.getElementById("ahead");
const sum = document.getElementById("sum");
const aloud = document.querySelector("#aloud select");
let missed = 0;
let latest = [];
let unsaid = 0;
let saying;

const isLooking = () => !document.hidden && isAtEnd();

// Before a message of somebody else is put in.
export function comes(now = Date.now()) {
  latest = [...latest.filter((moment) => now - moment < WITHIN), now];
  const isSummed = aloud.value !== "all" || latest.length > MANY;
  log.ariaLive = isSummed ? "off" : null;
  if (!isSummed || aloud.value === "nothing") return;
  unsaid += 1;
  saying ??= setTimeout(sumUp, WITHIN);
}

function sumUp() {
  if (unsaid) sum.textContent = counted(talk.dataset.new, unsaid);
  unsaid = 0;
  const isCalm = latest.every((moment) => Date.now() - moment >= WITHIN);
  saying = isCalm ? null : setTimeout(sumUp, WITHIN);
  if (isCalm && aloud.value === "all") log.ariaLive = null;
}

// After it was put in, and whether one looked at the end just before.
export function came(item, wasLooking) {
  if (wasLooking) return;
  if (!missed) {
    list.querySelector(".new")?.remove();
    const day = item.previousElementSibling;
    (day?.matches(".day") ? day : item).before(blank("unread"));
  }
  missed += 1;
  show();
}

function show() {
  ahead.parentElement.hidden = !missed && isAtEnd();
  ahead.textContent = missed ? counted(ahead.dataset.some, missed) : ahead.dataset.none;
}

function look() {
  if (isLooking()) missed = 0;
  show();
}

export function watch() {
  ahead.dataset.none = ahead.textContent;
  ahead.addEventListener("click", () => {
    toEnd();
    log.focus();
    look();
  });
  log.addEventListener("scroll", look);
  document.addEventListener("visibilitychange", look);
}

export { isLooking };
