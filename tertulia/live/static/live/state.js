// The line that says how it stands, below the box.

const state = document.getElementById("state");
const FAULTS = ["refused", "long", "out", "silent", "gone", "kept"];

export function say(kind) {
  // The same words again would be read out again.
  if (state.textContent !== state.dataset[kind]) state.textContent = state.dataset[kind];
  state.classList.toggle("soft", kind === "away");
  state.classList.toggle("bad", FAULTS.includes(kind));
}

export const says = (kind) => state.textContent === state.dataset[kind];
