// Fills the empty slots for the visitor's own clock from the browser's zone; nothing is told to the server.
const language = document.documentElement.lang || "en";
const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", numberingSystem: "latn" });
const weekday = new Intl.DateTimeFormat(language, { weekday: "short" });
const day = (date) => `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;

function fill(slot) {
  const start = new Date(slot.dateTime);
  const hour = clock.format(start);
  const here = day(start) === slot.dataset.day ? hour : `${weekday.format(start)} ${hour}`;
  slot.textContent = slot.dataset.words.replace("{}", here);
  slot.hidden = false;
}

export function fillTimes(root = document) {
  root.querySelectorAll("time[data-yours]").forEach(fill);
}

fillTimes();
