// How one reads here: text alone, larger type, what is read out. This tab remembers it, and nobody else.

import { blanks, log, talk } from "./talk.js";

const KEY = "tertulia reading";
const STEPS = 3;
const textMode = document.getElementById("text-mode");
const type = document.getElementById("type");
const aloud = document.getElementById("aloud");

function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

function remember(more) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ ...remembered(), ...more }));
  } catch {
    // Where nothing may be kept, nothing is.
  }
}

function enlarge(step) {
  talk.dataset.type = step;
  type.textContent = step < STEPS ? type.dataset.larger : type.dataset.usual;
}

// Whether the page is about to be another one.
export function arrange() {
  const here = new URLSearchParams(location.search);
  const kept = remembered();
  if (kept.isText && !here.has("text")) {
    here.set("text", "");
    location.replace(`?${here}${location.hash}`);
    return true;
  }
  if (here.has("text")) remember({ isText: true });
  enlarge(Number(here.get("type") ?? kept.step ?? talk.dataset.type));
  aloud.hidden = false;
  aloud.querySelector("select").value = kept.aloud ?? "all";
  return false;
}

// Here and now, so that nothing that was written is lost; what is fetched from now on comes without pictures.
function leavePictures() {
  const here = new URLSearchParams(location.search);
  textMode.textContent = textMode.dataset.pictures;
  textMode.href = `?${here}`;
  here.set("text", "");
  history.replaceState(null, "", `?${here}`);
  const stage = document.querySelector(".stage");
  stage.parentElement.classList.add("text");
  stage.replaceWith(stage.querySelector("h1"));
  for (const place of [log, blanks("message")]) place.querySelectorAll(".avatar").forEach((one) => one.remove());
}

export function offer() {
  textMode.addEventListener("click", (event) => {
    const isText = !new URLSearchParams(location.search).has("text");
    remember({ isText });
    if (!isText) return;
    event.preventDefault();
    leavePictures();
  });
  type.addEventListener("click", (event) => {
    event.preventDefault();
    enlarge((Number(talk.dataset.type) % STEPS) + 1);
    remember({ step: Number(talk.dataset.type) });
  });
  aloud.addEventListener("change", (event) => remember({ aloud: event.target.value }));
}
