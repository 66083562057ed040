// The room while it is open: one stream down, plain posts up. Without this file the page is read and posted to by hand.

import { counted } from "./clock.js";
import { Line, PAGE_CHANGED, ask } from "./line.js";
import * as menu from "./menu.js";
import * as reading from "./reading.js";
import { say } from "./state.js";
import { fold, list, log, quietly, talk, toEnd } from "./talk.js";
import * as unread from "./unread.js";
import * as writing from "./writing.js";

const here = document.getElementById("here");
// Only for those who moderate.
const waits = document.getElementById("waits");
let line;

function heard(entry, sequence) {
  if (entry.kind === "rules") return writing.tellRules(entry);
  const wasLooking = unread.isLooking();
  const isMine = entry.author === talk.dataset.author;
  if (entry.kind === "said" && !isMine) unread.comes();
  const item = fold(entry, sequence);
  writing.settle();
  if (wasLooking && item) toEnd();
  if (item && !isMine) unread.came(item, wasLooking);
}

// The door would take the place of what was written.
function turned({ status }) {
  writing.takeBack();
  if (status !== 403 || !writing.hasText()) return location.reload();
  line.stop();
  say("out");
}

async function fetched(address) {
  const answer = await ask(address);
  if (!answer?.ok && !PAGE_CHANGED.includes(answer?.status)) return {};
  const page = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("talk");
  return { page, status: answer.status };
}

// The stream cannot go on from here. What is said is fetched anew; what waits to be sent is kept.
async function startAnew() {
  const { page, status } = await fetched(location.href);
  if (!status) return line.comeBack(startAnew);
  if (!page?.dataset.stream) return turned({ status });
  writing.startAnew();
  quietly(() => list.replaceChildren(...page.querySelector(".msgs").children, ...writing.unsentItems()));
  toEnd();
  line.goOn(page.dataset.after);
}

// What is earlier comes above, and what is read stays where it is.
async function earlier(event) {
  const link = event.target.closest("#earlier");
  if (!link) return;
  event.preventDefault();
  link.ariaBusy = "true";
  const { page } = await fetched(link.href);
  link.ariaBusy = null;
  if (!page) return say("away");
  const [first] = page.querySelectorAll(".msg");
  page.querySelector("#end")?.removeAttribute("id");
  quietly(() => link.parentElement.replaceWith(...page.querySelector(".msgs").children));
  // Where one was with the keyboard, one goes on.
  if (first) log.focus();
}

function begin() {
  line = new Line(talk.dataset, {
    entry: heard,
    present() {
      say("connected");
      writing.send();
    },
    away: () => say("away"),
    here: ({ about }) => (here.textContent = about ? counted(here.dataset.some, about) : here.dataset.few),
    turned,
    reset: startAnew,
    waiting: () => waits && (waits.textContent = waits.dataset.new),
  });
  writing.start(line);
  menu.offer(writing);
  unread.watch();
  line.start();
}

if (!reading.arrange()) {
  reading.offer();
  quietly(() => {});
  if (!location.hash) toEnd();
  log.addEventListener("click", earlier);
  // Earlier talk stands still.
  if (!("past" in talk.dataset)) begin();
}
